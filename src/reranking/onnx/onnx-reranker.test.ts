import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startStubServer } from '../../../test/support/stub-server.ts';
import {
  type TinyCrossEncoder,
  tinyCrossEncoderFiles,
  writeTinyCrossEncoder,
} from '../../../test/support/tiny-cross-encoder.ts';
import { createOnnxHost, type OnnxHost } from '../../onnx/host.ts';
import { createOnnxReranker, type OnnxRerankerOptions } from './onnx-reranker.ts';

let path: string;
let host: OnnxHost;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'tenkyo-reranker-'));
  host = createOnnxHost();
});
afterEach(async () => {
  await host.close();
  await rm(path, { recursive: true });
});

const open = (options: Partial<OnnxRerankerOptions> = {}) =>
  createOnnxReranker({ host, path, weights: 'model_quantized', maxTokens: 512, hub: null, ...options });
const made = async (model: TinyCrossEncoder = {}, options: Partial<OnnxRerankerOptions> = {}) => {
  await writeTinyCrossEncoder(path, model);
  return open({ ...(model.weights && { weights: model.weights }), ...options });
};

describe('a cross-encoder in ONNX', () => {
  it('is shown the query with each passage, and gives their numbers in order, however many they are', async () => {
    const { score } = await made();
    const passages = Array.from({ length: 30 }, (_, index) => '津波 '.repeat((index * 7) % 11));
    const scores = await score('地震 地震 quake', passages);
    expect(scores).toEqual(passages.map((_, index) => 10_002 + 100 * ((index * 7) % 11)));
    expect(await score('地震', [])).toEqual([]);
    expect(await score('', [''])).toEqual([0]);
  });

  it('cuts a query at half of the tokens and a passage at the rest, so that neither is lost', async () => {
    const { score } = await made({}, { maxTokens: 16 });
    const [long, short] = ['津波 '.repeat(50), '津波 津波'];
    // Three of the sixteen are the tokens that stand around them.
    expect(await score('地震 '.repeat(50), [long, short])).toEqual([706, 206]);
    expect(await score('地震', [long])).toEqual([1_201]);
    // The model itself has 64 positions.
    expect(await (await open()).score('地震', [long.repeat(9)])).toEqual([6_001]);
  });

  it('takes of two labels the second less the first, and weights of any name', async () => {
    const { score } = await made({ labels: 2, weights: 'model_qint8_avx2' });
    expect(await score('地震', ['津波', 'quake'])).toEqual([100, 10_000]);
  });

  it('is loaded ahead, and stops at an abort at once; the next search is served', async () => {
    const reranker = await made();
    await reranker.load();
    const reason = new Error('enough');
    const controller = new AbortController();
    const long = reranker.score('地震', new Array<string>(3_000).fill('津波 '.repeat(40)), {
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(long).rejects.toBe(reason);
    expect(await reranker.score('地震', ['津波'])).toEqual([101]);
  });

  it('is fetched from a hub once, with the weights that are named', async () => {
    const files = tinyCrossEncoderFiles({ weights: 'model_int8' });
    const hub = await startStubServer((request, response) => {
      const content = files.get(request.url!.replace('/lab/tiny/resolve/v1/', ''));
      return content ? response.writeHead(200).end(content) : response.writeHead(404).end();
    });
    try {
      const model = { id: 'lab/tiny', revision: 'v1', endpoint: hub.url.replace(/\/$/, '') };
      const fetched = { path: join(path, 'fetched'), hub: model };
      const { score } = await open({ ...fetched, weights: 'model_int8' });
      expect(await score('地震', ['津波'])).toEqual([101]);
      await open({ ...fetched, weights: 'model_int8' });
      expect(hub.asked).toHaveLength(4);
      await expect(open({ path: join(path, 'other'), hub: model })).rejects.toMatchObject({
        code: 'config_invalid',
        remedy: expect.stringContaining('search.reranker.hub'),
      });
    } finally {
      await hub.close();
    }
  });
});

describe('a cross-encoder that is none', () => {
  const weights = () => join(path, 'onnx', 'model_quantized.onnx');

  it('is missed or found broken before anything is searched', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'file_missing', where: join(path, 'config.json') });
    await writeTinyCrossEncoder(path);
    await expect(open({ weights: 'other' })).rejects.toMatchObject({
      code: 'file_missing',
      where: join(path, 'onnx', 'other.onnx'),
    });
    await truncate(weights(), 100);
    await expect(open()).rejects.toMatchObject({ code: 'file_corrupt', where: weights() });
  });

  it.each([
    ['three labels', { labels: 3 }, 'file_corrupt', 'float32 1 × 3'],
    ['no logits', { output: 'sentence_embedding' }, 'file_corrupt', ''],
    ['no numbers', { every: Number.NaN }, 'model_failed', 'NaN'],
  ] as const)('fails with what it gave: %s', async (_what, model, code, found) => {
    const { score } = await made(model);
    await expect(score('地震', ['津波'])).rejects.toMatchObject({
      code,
      where: weights(),
      found: expect.stringContaining(found),
    });
  });

  it('fails as long as its file is another one, and works once it is put right', async () => {
    const reranker = await made();
    const [, right] = [...tinyCrossEncoderFiles()].find(([name]) => name.endsWith('.onnx'))!;
    await writeFile(weights(), Buffer.from(right).fill(0x7f, right.length - 20));
    await expect(reranker.load()).rejects.toMatchObject({ code: 'file_corrupt', where: weights() });
    await writeFile(weights(), right);
    expect(await reranker.score('地震', ['津波'])).toEqual([101]);
  });
});
