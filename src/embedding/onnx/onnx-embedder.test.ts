import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createOnnxHost, type OnnxHost } from '../../onnx/host.ts';
import type { Embedder } from '../embedder.ts';
import { createOnnxEmbedder } from './onnx-embedder.ts';

const path = fileURLToPath(new URL('../../../demo/models/embedder', import.meta.url));
let host: OnnxHost;
let embedder: Embedder;

beforeAll(async () => {
  host = createOnnxHost();
  embedder = await createOnnxEmbedder({ host, path, queryPrefix: '', passagePrefix: '' });
});
afterAll(() => host.close());

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k]! * b[k]!;
  return sum;
};

test("the vectors are the reference's, each of length 1", async () => {
  const parity: { text: string; vector: number[] }[] = JSON.parse(await readFile(join(path, 'parity.json'), 'utf8'));
  expect(parity).toHaveLength(50);
  const vectors = await embedder.embed(
    parity.map(({ text }) => text),
    'passage',
  );
  const cosines = parity.map(({ vector }, index) => dot(vectors[index]!, vector) / Math.sqrt(dot(vector, vector)));
  expect(Math.min(...cosines)).toBeGreaterThan(0.999);
  for (const vector of vectors) expect(dot(vector!, vector!)).toBeCloseTo(1, 5);
  expect(vectors.every((vector) => vector?.length === embedder.dimensions)).toBe(true);
});

test('a text of no known character has no vector; its neighbours keep theirs', async () => {
  const vectors = await embedder.embed(['地震', '', ' \n', '𓀀𓀁', 'earthquake'], 'query');
  expect(vectors.map((vector) => vector === null)).toEqual([false, true, true, true, false]);
  expect(await embedder.embed(['𓀀'], 'query')).toEqual([null]);
  expect(await embedder.embed([], 'query')).toEqual([]);
});

test('a vector does not depend on what else is in its batch', async () => {
  const texts = Array.from({ length: 40 }, (_, index) => '地震は地下の岩盤がずれて起こる。'.repeat(1 + (index % 7)));
  const together = await embedder.embed(texts, 'passage');
  for (const index of [0, 6, 39]) {
    const [alone] = await embedder.embed([texts[index]!], 'passage');
    expect(dot(alone!, together[index]!)).toBeCloseTo(1, 5);
  }
});

test('a text far beyond the context is embedded by its beginning', async () => {
  const [vector] = await embedder.embed(['地震'.repeat(500_000)], 'passage');
  expect(vector).toHaveLength(256);
});

test('prefixes go before the text, by role', async () => {
  const prefixed = await createOnnxEmbedder({ host, path, queryPrefix: '質問: ', passagePrefix: '文書: ' });
  const [query, passage, none] = [
    ...(await prefixed.embed(['地震'], 'query')),
    ...(await prefixed.embed(['地震', ''], 'passage')),
  ];
  const [asQuery, asPassage] = await embedder.embed(['質問: 地震', '文書: 地震'], 'query');
  expect(dot(query!, asQuery!)).toBeCloseTo(1, 5);
  expect(dot(passage!, asPassage!)).toBeCloseTo(1, 5);
  expect(none).toBeNull();
});

test('the fingerprint changes with the prefixes and with the files, and with nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenkyo-embedder-'));
  const fingerprint = async (queryPrefix = ''): Promise<string> =>
    (await createOnnxEmbedder({ host, path: folder, queryPrefix, passagePrefix: '' })).fingerprint;
  try {
    await cp(path, folder, { recursive: true });
    expect(await fingerprint()).toBe(embedder.fingerprint);
    expect(await fingerprint('query: ')).not.toBe(embedder.fingerprint);
    await writeFile(join(folder, 'tokenizer.json'), `${await readFile(join(folder, 'tokenizer.json'), 'utf8')}\n`);
    expect(await fingerprint()).not.toBe(embedder.fingerprint);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an abort rejects with its reason at once, and the next request is served', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const long = embedder.embed(
    Array.from({ length: 400 }, (_, index) => `地震は地下の岩盤がずれて起こる。${index}`),
    'passage',
    { signal: controller.signal },
  );
  controller.abort(reason);
  await expect(long).rejects.toBe(reason);
  await expect(embedder.embed(['地震'], 'query', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect((await embedder.embed(['地震'], 'query'))[0]).toHaveLength(256);
});
