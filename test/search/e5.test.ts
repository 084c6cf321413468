import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIndex } from '../../indexers/build-index.ts';
import { systemClock } from '../../src/clock.ts';
import { openEmbeddingCache } from '../../src/embedding/cache.ts';
import { toBeCentred } from '../../src/embedding/centring.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { createOnnxEmbedder } from '../../src/embedding/onnx/onnx-embedder.ts';
import { createOpenAiEmbedder } from '../../src/embedding/openai/openai-embedder.ts';
import { embeddingPresets } from '../../src/embedding/presets.ts';
import { createOnnxHost, type OnnxHost } from '../../src/onnx/host.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import type { ReadingLookup } from '../../src/search/ports.ts';
import { bootstrapInterval, retrievalScores } from '../../src/search/retrieval-metrics.ts';
import { createSearch } from '../../src/search/search.ts';
import { strongVectors } from '../../src/search/strong-vectors.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const url = process.env.TENKYO_TEST_E5_URL ?? '';
// On the machine that decides about main the server is there, and its absence a failure.
const must = process.env.CI === 'true' && existsSync(join(root, '../shared'));
const suite = url || must ? describe : describe.skip;

interface Query {
  readonly query: string;
  readonly relevant: readonly string[];
  readonly kind: string;
}

suite('multilingual-e5 on a real server (TENKYO_TEST_E5_URL)', () => {
  const kinds = ['lexical', 'answer_sentence', 'paraphrase', 'cross_lingual'];
  const readings: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };
  let folder: string;
  let host: OnnxHost;
  let e5: Embedder;
  let closeCache: () => void;
  beforeAll(async () => {
    expect(url).toMatch(/^http/);
    folder = await mkdtemp(join(tmpdir(), 'tenkyo-e5-'));
    host = createOnnxHost();
    const cache = openEmbeddingCache({ file: join(process.env.TENKYO_TEST_E5_CACHE ?? folder, 'e5.sqlite') });
    closeCache = cache.close;
    const { dimensions } = embeddingPresets['multilingual-e5-small'];
    const model = createOpenAiEmbedder({
      baseUrl: url,
      model: 'multilingual-e5-small',
      apiKey: null,
      dimensions,
      queryPrefix: '',
      passagePrefix: '',
      inputType: true,
      timeoutMs: 120_000,
      clock: systemClock,
      random: Math.random,
    });
    // The same queries are asked of two engines: they are kept as passages are.
    const asQueries: Embedder = {
      ...model,
      fingerprint: `queries ${model.fingerprint}`,
      embed: (texts, _role, options) => model.embed(texts, 'query', options),
    };
    const [passages, queries] = [cache.wrap(model), cache.wrap(asQueries)];
    e5 = toBeCentred({
      ...model,
      embed: (texts, role, options) => (role === 'query' ? queries : passages).embed(texts, 'passage', options),
    });
  });
  afterAll(async () => {
    closeCache?.();
    await host?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  it('gives vectors that tell a query from a passage, and like from unlike', async () => {
    const texts = ['地震の原因は何ですか', 'What causes earthquakes?', '猫の爪を切る'];
    const queries = await e5.embed(texts, 'query');
    const [passage] = await e5.embed(texts.slice(0, 1), 'passage');
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
    expect(dot(queries[0]!, queries[0]!)).toBeCloseTo(1, 4);
    expect(dot(queries[0]!, passage!)).toBeLessThan(0.999);
    expect(dot(queries[0]!, queries[1]!)).toBeGreaterThan(dot(queries[0]!, queries[2]!));
  });

  const judge = async (embedder: Embedder, queries: readonly Query[], engine: 'hybrid' | 'vector' | 'keyword') => {
    const fusion = { method: 'adaptive', ...(embedder.centring && strongVectors) } as const;
    const directory = join(folder, embedder.fingerprint.slice(0, 8));
    const corpus = { name: 'demo', documents: join(root, 'demo/corpus/*.jsonl') };
    await buildIndex({ corpus, embedder, directory, clock: systemClock });
    const index = await openIndex({ directory, corpus: 'demo', embedder: embedder.fingerprint, clock: systemClock });
    const { search } = createSearch({ index, embedder, readings, clock: systemClock, deadlineMs: 60_000, fusion });
    const scores: number[] = [];
    for (const { query, relevant } of queries) {
      const { hits } = await search({ text: query, question: null, model: null }, { engine, limit: 10 });
      const found = hits.map(({ documentId }) => documentId);
      const judged = { found, relevant: Object.fromEntries(relevant.map((id) => [id, 1])) };
      scores.push(retrievalScores([judged]).ndcg10);
    }
    await index.close();
    return scores;
  };

  it('finds more than the static model on the 320 queries, beyond chance', async () => {
    const lines = (await readFile(join(root, 'demo/queries.jsonl'), 'utf8')).trim().split('\n');
    const queries = lines.map((line) => JSON.parse(line) as Query);
    const path = join(root, 'demo/models/embedder');
    const still = await createOnnxEmbedder({ host, path, ...embeddingPresets.demo });
    const lists = {
      keyword: await judge(still, queries, 'keyword'),
      static: await judge(still, queries, 'hybrid'),
      'e5 vector': await judge(e5, queries, 'vector'),
      e5: await judge(e5, queries, 'hybrid'),
    };
    const over = (scores: readonly number[], kind: string): number => {
      const some = scores.filter((_, number) => kind === 'all' || queries[number]!.kind === kind);
      return some.reduce((sum, score) => sum + score, 0) / some.length;
    };
    const table = Object.fromEntries(
      ['all', ...kinds].map((kind) => [
        kind,
        Object.fromEntries(Object.entries(lists).map(([name, scores]) => [name, over(scores, kind)])),
      ]),
    );
    const gain = bootstrapInterval(lists.e5.map((score, number) => score - lists.static[number]!));
    if (process.env.TENKYO_SHOW_QUALITY) console.log(JSON.stringify({ table, gain }, null, 1));
    expect(queries).toHaveLength(320);
    expect(gain.mean).toBeGreaterThanOrEqual(0.03);
    expect(gain.low).toBeGreaterThan(0);
    for (const kind of kinds) {
      const { keyword, 'e5 vector': vector, e5: fused } = table[kind]!;
      expect(fused).toBeGreaterThanOrEqual(Math.max(keyword!, vector!) - 0.03);
    }
  }, 1_800_000);
});
