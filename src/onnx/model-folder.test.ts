import { cp, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkModelFolder } from './model-folder.ts';

const demo = fileURLToPath(new URL('../../demo/models', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-model-'));
  await cp(join(demo, 'demo-3m-finetuned'), folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

test.each(['demo-3m-finetuned', 'demo-3m-base', 'demo-3m-early', 'embedder'])('%s is whole', async (name) => {
  const { contextLength, hiddenSize } = await checkModelFolder(join(demo, name));
  expect([contextLength, hiddenSize]).toEqual(name === 'embedder' ? [4096, 256] : [512, 192]);
});

test.each(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'])(
  '%s missing is said with its path and what to do',
  async (file) => {
    await rm(join(folder, file));
    await expect(checkModelFolder(folder)).rejects.toMatchObject({
      code: 'file_missing',
      where: join(folder, file),
      remedy: expect.stringContaining('tenkyo doctor'),
    });
  },
);

test.each(['config.json', 'tokenizer.json', 'tokenizer_config.json'])('%s cut short is found', async (file) => {
  const text = await readFile(join(folder, file), 'utf8');
  await writeFile(join(folder, file), text.slice(0, text.length / 2));
  await expect(checkModelFolder(folder)).rejects.toMatchObject({ code: 'file_corrupt', where: join(folder, file) });
});

test.each([0, 1, 100, 1_000_000, 3_483_958])('an ONNX file of %i bytes is found to be cut', async (bytes) => {
  const file = join(folder, 'onnx', 'model_quantized.onnx');
  await truncate(file, bytes);
  await expect(checkModelFolder(folder)).rejects.toMatchObject({ code: 'file_corrupt', where: file });
});

test.each([
  ['a web page', '<!doctype html><title>404</title>'],
  ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3483959\n'],
  ['zeros', '\0'.repeat(4096)],
])('%s in place of the model is found', async (_, content) => {
  const file = join(folder, 'onnx', 'model_quantized.onnx');
  await writeFile(file, content);
  await expect(checkModelFolder(folder)).rejects.toMatchObject({ code: 'file_corrupt', where: file });
});

test('bytes after the model are found', async () => {
  const file = join(folder, 'onnx', 'model_quantized.onnx');
  const handle = await open(file, 'a');
  await handle.write('\0');
  await handle.close();
  await expect(checkModelFolder(folder)).rejects.toMatchObject({ code: 'file_corrupt', where: file });
});
