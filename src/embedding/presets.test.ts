import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tinyVector, writeTinyEncoder } from '../../test/support/tiny-encoder.ts';
import { createOnnxHost, type OnnxHost } from '../onnx/host.ts';
import { createOnnxEmbedder } from './onnx/onnx-embedder.ts';
import { type EmbeddingPresetName, embeddingPresets } from './presets.ts';

let folder: string;
let host: OnnxHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-presets-'));
  await writeTinyEncoder(folder);
  host = createOnnxHost();
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

const open = (name: EmbeddingPresetName) => createOnnxEmbedder({ host, path: folder, ...embeddingPresets[name] });

const prefixes = {
  'ruri-v3-30m': ['検索クエリ:', '検索文書:'],
  'multilingual-e5-small': ['query:', 'passage:'],
  'bge-m3': [],
  'static-embedding-japanese': [],
  demo: [],
} as const;

describe('presets, on a made-up encoder', () => {
  it.each(Object.keys(prefixes) as (keyof typeof prefixes)[])('%s: its prefixes and its pooling', async (name) => {
    const embedder = await open(name);
    const [query, passage] = prefixes[name];
    const pooling = name === 'bge-m3' ? 'cls' : 'mean';
    const expected = (prefix: typeof query | typeof passage, ...words: ('地震' | '津波')[]) =>
      tinyVector(prefix === undefined ? words : [prefix, ...words], pooling);
    const queries = await embedder.embed(['地震 津波', '津波'], 'query');
    const passages = await embedder.embed(['地震'], 'passage');
    for (const [found, wanted] of [
      [queries[0]!, expected(query, '地震', '津波')],
      [queries[1]!, expected(query, '津波')],
      [passages[0]!, expected(passage, '地震')],
    ] as const) {
      for (const [k, component] of wanted.entries()) expect(found[k]).toBeCloseTo(component, 5);
    }
  });

  it('have fingerprints that differ by prefix and by pooling, and by nothing else', async () => {
    const of = async (name: EmbeddingPresetName): Promise<string> => (await open(name)).fingerprint;
    expect(await of('static-embedding-japanese')).toBe(await of('demo'));
    const different = ['ruri-v3-30m', 'multilingual-e5-small', 'bge-m3', 'demo'] as const;
    expect(new Set(await Promise.all(different.map(of))).size).toBe(4);
  });

  it('have the sizes of their models', () => {
    const sizes = Object.entries(embeddingPresets).map(([name, { dimensions }]) => [name, dimensions]);
    expect(Object.fromEntries(sizes)).toEqual({
      'ruri-v3-30m': 256,
      'ruri-v3-70m': 384,
      'ruri-v3-130m': 512,
      'ruri-v3-310m': 768,
      'multilingual-e5-small': 384,
      'multilingual-e5-base': 768,
      'multilingual-e5-large': 1024,
      'bge-m3': 1024,
      'static-embedding-japanese': 1024,
      demo: 256,
    });
  });
});
