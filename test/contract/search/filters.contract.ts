import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/clock.ts';
import type { Embedder } from '../../../src/embedding/embedder.ts';
import type { CurrentIndex } from '../../../src/search/embedded/current-index.ts';
import type { ReadingLookup } from '../../../src/search/ports.ts';
import { createSearch, type SearchOptions } from '../../../src/search/search.ts';
import { createLetterEmbedder } from '../../support/search-fakes.ts';

export interface FiltersAdapter {
  readonly current: CurrentIndex;
  close(): Promise<void>;
}

/** Sources of ten documents each; every other one of `web` is in English, and says so. */
const sources = ['folklore', 'encyclopedia', 'web'] as const;
const words = ['狐', '岩盤', '台風', '津波', '断層', '要石', '噴火', '余震', '地下', '海溝'];
const langOf = (source: string, sequence: number): string | null =>
  source === 'web' ? (sequence % 2 === 0 ? 'en' : 'ja') : source === 'folklore' ? null : 'ja';
const documents = sources.flatMap((source, first) =>
  words.map((word, sequence) => ({
    source,
    sequence,
    id: `${source}${sequence}`,
    lang: langOf(source, sequence),
    text: `ナマズと地震の${'話'.repeat(first + 1)}、${word}について${words[(sequence * 3 + first) % 10]}が言う。`,
    // Twice in the run called `demo`: 40 iterations apart; the last of each source not at all.
    iterations: sequence === 9 ? [] : [first * 10 + sequence, first * 10 + sequence + 40],
  })),
);
type Made = (typeof documents)[number];

const readingsOf = (run: string, shift: number): ReadingLookup => {
  const find = (source: string, sequence: number) =>
    documents.find((one) => one.source === source && one.sequence === sequence)!.iterations.map((at) => at + shift);
  return {
    run: { name: run, iterations: 200 },
    phases: [
      { name: 'blend', from: 0, to: 15 },
      { name: 'refined', from: 15, to: 200 },
    ],
    readingOf: async (source, sequence, checkpoint) => {
      const iterations = find(source, sequence);
      const [first] = iterations;
      if (first === undefined) return { state: 'not_read', run, lastIndex: 199 };
      const shown = iterations.findLast((at) => checkpoint === null || at < checkpoint) ?? null;
      return { state: 'read', run, shown, first, last: iterations.at(-1)!, timesRead: 2, lastIndex: 199 };
    },
    readBetween: async (source, sequence, from, to) => find(source, sequence).some((at) => at >= from && at < to),
  };
};
const runs = { demo: readingsOf('demo', 0), later: readingsOf('later', 100) };

const readIn = ({ iterations }: Made, from: number, to: number): boolean =>
  iterations.some((at) => at >= from && at < to);

/** What each filter of a search leaves, the same on every adapter. */
const cases: readonly [name: string, options: SearchOptions, run: keyof typeof runs, keeps: (one: Made) => boolean][] =
  [
    ['none', {}, 'demo', () => true],
    ['one source', { sources: ['web'] }, 'demo', ({ source }) => source === 'web'],
    ['two sources', { sources: ['web', 'folklore'] }, 'demo', ({ source }) => source !== 'encyclopedia'],
    ['a language', { languages: ['en'] }, 'demo', ({ lang }) => lang === 'en'],
    ['two languages', { languages: ['en', 'ja'] }, 'demo', ({ lang }) => lang !== null],
    [
      'a source and a language',
      { sources: ['web'], languages: ['ja'] },
      'demo',
      ({ source, lang }) => source === 'web' && lang === 'ja',
    ],
    ['a language that nothing is in', { languages: ['fr'] }, 'demo', () => false],
    ['read before an iteration', { beforeIteration: 5 }, 'demo', (one) => readIn(one, 0, 5)],
    ['read from an iteration on', { afterIteration: 62 }, 'demo', (one) => readIn(one, 62, 200)],
    ['read between two', { afterIteration: 30, beforeIteration: 42 }, 'demo', (one) => readIn(one, 30, 42)],
    ['read in a phase', { phase: 'blend' }, 'demo', (one) => readIn(one, 0, 15)],
    ['a phase and an iteration', { phase: 'refined', beforeIteration: 18 }, 'demo', (one) => readIn(one, 15, 18)],
    ['another run', { beforeIteration: 105 }, 'later', (one) => readIn(one, 0, 5)],
    [
      'all together',
      { sources: ['web', 'encyclopedia'], languages: ['ja'], phase: 'refined', beforeIteration: 24 },
      'demo',
      (one) => one.source !== 'folklore' && one.lang === 'ja' && readIn(one, 15, 24),
    ],
  ];

/** Every filter of a search leaves the same on every adapter: what is meant, and nothing else. */
export const filtersContract = (
  name: string,
  open: (corpus: string, files: string, embedder: Embedder) => Promise<FiltersAdapter>,
) =>
  describe(`filters of a search: ${name}`, () => {
    const embedder = createLetterEmbedder();
    let folder: string;
    let adapter: FiltersAdapter;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tenkyo-filters-'));
      for (const source of sources) {
        const lines = documents
          .filter((one) => one.source === source)
          .map(({ id, text, lang }) => JSON.stringify({ id, text, meta: lang === null ? {} : { lang } }));
        await writeFile(join(folder, `${source}.jsonl`), lines.join('\n'));
      }
      adapter = await open('filters', join(folder, '*.jsonl'), embedder);
    }, 60_000);
    afterAll(async () => {
      await adapter?.close();
      await rm(folder, { recursive: true });
    });

    const search = (options: SearchOptions, run: keyof typeof runs = 'demo') =>
      adapter.current.use((index) =>
        createSearch({ index, embedder, readings: runs[run], clock: systemClock, deadlineMs: 20_000 }).search(
          { text: 'ナマズと地震の話、津波について', question: null, model: null },
          { limit: 60, ...options },
        ),
      );

    /** Hits and what they stand for: near-duplicates are shown as one. */
    const found = ({ hits }: Awaited<ReturnType<typeof search>>): { ids: string[]; all: number } => ({
      ids: hits.map(({ documentId }) => documentId),
      all: hits.reduce((sum, { duplicates }) => sum + 1 + duplicates, 0),
    });

    it.each(cases)('%s', async (_, options, run, keeps) => {
      const wanted = documents.filter(keeps).map(({ id }) => id);
      for (const engine of ['hybrid', 'keyword', 'vector'] as const) {
        const result = await search({ ...options, engine }, run);
        expect(result.engines.map(({ status }) => status)).not.toContain('failed');
        expect([engine, found(result).ids.toSorted()]).toEqual([engine, wanted.toSorted()]);
      }
    });

    it('one engine alone is the only one that is asked and told of', async () => {
      for (const engine of ['exact', 'keyword', 'vector'] as const) {
        const { engines, hits } = await search({ engine });
        expect(engines).toMatchObject([{ engine, status: 'ok' }]);
        expect(hits.every((hit) => hit.engines.every((by) => by === engine))).toBe(true);
        expect(hits.length).toBeGreaterThan(0);
      }
    });

    it('a model shows what it had read before its checkpoint', async () => {
      const { hits } = await search({ model: { name: 'early', checkpoint: 30 } });
      for (const { documentId, reading } of hits) {
        const { iterations } = documents.find(({ id }) => id === documentId)!;
        const before = iterations.filter((at) => at < 30).at(-1) ?? null;
        if (reading.state === 'read') expect([documentId, reading.shown]).toEqual([documentId, before]);
        else expect(iterations).toEqual([]);
      }
      const early = await search({ beforeIteration: 30, model: { name: 'early', checkpoint: 30 } });
      expect(early.hits.every(({ reading }) => reading.state === 'read' && reading.shown !== null)).toBe(true);
      expect(early.hits.length).toBe(documents.filter((one) => readIn(one, 0, 30)).length);
    });
  });
