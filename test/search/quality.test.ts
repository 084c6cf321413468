import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIndex } from '../../indexers/build-index.ts';
import { systemClock } from '../../src/clock.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { createOnnxEmbedder } from '../../src/embedding/onnx/onnx-embedder.ts';
import { createOnnxHost, type OnnxHost } from '../../src/onnx/host.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import type { ReadingLookup } from '../../src/search/ports.ts';
import { retrievalScores } from '../../src/search/retrieval-metrics.ts';
import { createSearch, type SearchOptions } from '../../src/search/search.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const readings: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };

interface Query {
  readonly query: string;
  readonly relevant: readonly string[];
  readonly kind: string;
}

let folder: string;
let host: OnnxHost;
let embedder: Embedder;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-quality-'));
  host = createOnnxHost();
  const path = join(root, 'demo/models/embedder');
  embedder = await createOnnxEmbedder({ host, path, queryPrefix: '', passagePrefix: '' });
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

/** Scores of the whole search over a corpus, by documents. */
const scorer = async (name: string, documents: string, withVectors: boolean) => {
  const directory = join(folder, 'index');
  const used = withVectors ? embedder : null;
  await buildIndex({ corpus: { name, documents }, embedder: used, directory, clock: systemClock });
  const index = await openIndex({ directory, corpus: name, embedder: used?.fingerprint ?? null, clock: systemClock });
  const { search } = createSearch({ index, embedder: used, readings, clock: systemClock, deadlineMs: 60_000 });
  const judge = async (queries: readonly Query[], engine: NonNullable<SearchOptions['engine']>) => {
    const judged = [];
    for (const { query, relevant, kind } of queries) {
      const { hits } = await search({ text: query, question: null, model: null }, { engine, limit: 10 });
      judged.push({
        found: hits.map(({ documentId }) => documentId),
        relevant: Object.fromEntries(relevant.map((id) => [id, 1])),
        kind,
      });
    }
    return judged;
  };
  return { judge, close: () => index.close() };
};

describe('the demonstration queries', () => {
  const kinds = ['lexical', 'answer_sentence', 'paraphrase', 'cross_lingual'];

  it('finds by keyword what has the same words, and by the fused list hardly less than the best engine of each kind', async () => {
    const lines = (await readFile(join(root, 'demo/queries.jsonl'), 'utf8')).trim().split('\n');
    const queries = lines.map((line) => JSON.parse(line) as Query);
    const { judge, close } = await scorer('demo', join(root, 'demo/corpus/*.jsonl'), true);
    const table: Record<string, Record<string, number>> = {};
    for (const engine of ['keyword', 'vector', 'hybrid'] as const) {
      const judged = await judge(queries, engine);
      for (const kind of ['all', ...kinds]) {
        const some = judged.filter((one) => kind === 'all' || one.kind === kind);
        table[kind] = { ...table[kind], [engine]: retrievalScores(some).ndcg10 };
      }
    }
    await close();
    if (process.env.TENKYO_SHOW_QUALITY) console.table(table);
    expect(queries.length).toBe(320);
    expect(table.lexical!.keyword).toBeGreaterThanOrEqual(0.95);
    expect(table.all!.hybrid).toBeGreaterThanOrEqual(table.all!.keyword! + 0.1);
    for (const kind of kinds) {
      const { keyword, vector, hybrid } = table[kind]!;
      expect(hybrid).toBeGreaterThanOrEqual(Math.max(keyword!, vector!) - 0.03);
    }
  }, 300_000);
});

const squadFile = resolve(root, '../shared/data/jsquad-valid-v1.3.json.gz');

interface Squad {
  readonly data: readonly {
    readonly paragraphs: readonly {
      readonly context: string;
      readonly qas: readonly { readonly question: string }[];
    }[];
  }[];
}

describe('JSQuAD', () => {
  const test = existsSync(squadFile) ? it : it.skip;

  test('finds the passage of a question by keyword (needs jsquad-valid-v1.3.json.gz beside the project)', async () => {
    const { data } = JSON.parse(gunzipSync(await readFile(squadFile)).toString('utf8')) as Squad;
    const paragraphs = data.flatMap((article) => article.paragraphs);
    const lines = paragraphs.map(({ context }, number) => {
      const [title, ...text] = context.split(' [SEP] ');
      return JSON.stringify({ id: `p${number}`, text: text.join(' [SEP] '), meta: { title } });
    });
    await writeFile(join(folder, 'jsquad.jsonl'), lines.join('\n'));
    const queries = paragraphs.flatMap(({ qas }, number) =>
      qas.map(({ question }) => ({ query: question, relevant: [`p${number}`], kind: 'jsquad' })),
    );
    const { judge, close } = await scorer('jsquad', join(folder, 'jsquad.jsonl'), false);
    const keyword = retrievalScores(await judge(queries, 'keyword'));
    await close();
    if (process.env.TENKYO_SHOW_QUALITY) console.table({ keyword });
    expect([paragraphs.length, queries.length]).toEqual([1_145, 4_442]);
    expect(keyword.ndcg10).toBeGreaterThanOrEqual(0.95);
    expect(keyword.r1).toBeGreaterThanOrEqual(0.92);
  }, 300_000);
});
