import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIndex } from '../../indexers/build-index.ts';
import { systemClock } from '../../src/clock.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import type { ReadingLookup, SearchIndex } from '../../src/search/ports.ts';
import { createSearch } from '../../src/search/search.ts';
import { createLetterEmbedder } from '../support/search-fakes.ts';

const readings: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };
const embedder = createLetterEmbedder();
const corpus = { name: 'demo', documents: join(process.cwd(), 'demo/corpus/ja_*.jsonl') };

let folder: string;
let here: SearchIndex;
let there: SearchIndex;
const open = (threadFrom: number) =>
  openIndex({ directory: folder, corpus: 'demo', embedder: embedder.fingerprint, clock: systemClock, threadFrom });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-thread-'));
  await buildIndex({ corpus, embedder, directory: folder, clock: systemClock });
  here = await open(Number.POSITIVE_INFINITY);
  there = await open(0);
});
afterAll(async () => {
  await here.close();
  await there.close();
  await rm(folder, { recursive: true });
});

const searchIn = async (index: SearchIndex, text: string, sources: string[] | null = null) => {
  const { search } = createSearch({ index, embedder, readings, clock: systemClock, deadlineMs: 30_000 });
  const { hits, spans, engines } = await search({ text, question: null, model: null }, { sources });
  return { hits, spans, engines: engines.map(({ engine, status, hits: count }) => [engine, status, count]) };
};

describe('an index read in a thread of its own', () => {
  it('answers as on the main thread', async () => {
    const queries = (await readFile('demo/queries.jsonl', 'utf8')).trim().split('\n').slice(0, 40);
    for (const line of queries) {
      const { query } = JSON.parse(line) as { query: string };
      expect(await searchIn(there, query)).toEqual(await searchIn(here, query));
    }
    const narrow = ['ja_folklore'];
    expect(await searchIn(there, '地震とナマズ', narrow)).toEqual(await searchIn(here, '地震とナマズ', narrow));
  });

  it('stops when told to, and passes errors on as they are', async () => {
    const stop = new AbortController();
    const long = there.spans.maximal('地震の原因はナマズです。'.repeat(2_000), {
      minimum: 8,
      sources: null,
      signal: stop.signal,
    });
    stop.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
    const aborted = { limit: 1, sources: null, signal: AbortSignal.abort(new Error('before')) };
    await expect(there.keyword.search([{ token: '地震', weight: 1 }], aborted)).rejects.toThrow('before');
    await expect(there.vector?.search(new Float32Array(3), { limit: 1, sources: null })).rejects.toMatchObject({
      code: 'index_mismatch',
      expected: '16 dimensions',
      found: '3 dimensions',
    });
    expect((await there.keyword.search([{ token: '地震', weight: 1 }], { limit: 3, sources: null })).hits.length).toBe(
      3,
    );
  });

  it('answers nobody after it was closed, and says when its files are damaged', async () => {
    const other = await open(0);
    await other.close();
    await expect(other.keyword.search([], { limit: 1, sources: null })).rejects.toMatchObject({ code: 'shutdown' });
    const [build] = (await readdir(join(folder, 'demo'))).filter((name) => name !== 'current');
    const spans = join(folder, 'demo', build!, 'spans.bin');
    const bytes = await readFile(spans);
    await writeFile(spans, Buffer.alloc(bytes.length, 1));
    await expect(open(0)).rejects.toMatchObject({ code: 'file_corrupt', where: spans });
    await truncate(spans, 10);
    await expect(open(0)).rejects.toMatchObject({ code: 'file_corrupt', found: '10 bytes' });
    await writeFile(spans, bytes);
  });
});
