import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunk } from '../../../src/corpus/chunk.ts';
import { bm25 } from '../../../src/search/bm25.ts';
import type { SearchIndex } from '../../../src/search/ports.ts';
import { drawOf, sampleSeed } from '../../../src/search/sample-documents.ts';
import { fold } from '../../../src/text/normalize.ts';
import { keywordTokens } from '../../../src/text/tokens.ts';
import {
  corpusCases,
  countByBruteForce,
  messageCases,
  minimumSpan,
  spansByBruteForce,
} from '../../support/span-cases.ts';

export interface SearchIndexContract {
  /** Builds the index of a corpus of JSONL files and opens it. */
  open(corpus: string, documents: string): Promise<SearchIndex>;
}

type Line = { readonly id?: string; readonly text: string; readonly meta?: Record<string, unknown> };

const long = `${'台風は熱帯低気圧のうち風の強いものをいう。'.repeat(40)}大雨に注意する。`;
const odd = 'a\0b 𠮷野家 \ud800 ｶﾞｽ don\'t 3.14 "quoted" ナマズ _under_score';
const folklore: readonly Line[] = [
  {
    id: 'f0',
    text: '昔の人は、地面の下の大きなナマズが暴れると地震が起こると信じていた。',
    meta: { title: '大鯰と要石' },
  },
  { id: 'f1', text: '狐は人を化かすと言われる。狐は稲荷の使いである。', meta: { lang: 'ja' } },
  { id: 'same', text: odd, meta: { 'a.b': { '': [1, null] }, url: 'https://example.com/' } },
];
const encyclopedia: readonly Line[] = [
  { id: 'e0', text: '地震は、地下の岩盤が急にずれる現象である。', meta: { title: '地震', lang: 'ja' } },
  { id: 'e1', text: long, meta: { title: '台風' } },
  { id: 'same', text: '地震', meta: {} },
  { text: '' },
];
const copies = Array.from({ length: 40 }, () => ({ text: 'これは同じ文章です。これは同じ文章です。' }));

const tokensOf = (text: string) => keywordTokens(text).map((token) => ({ token, weight: 1 }));
const everything = { limit: 10, sources: null } as const;

/** What every adapter of the search must answer, the same from the same corpus. */
export const searchIndexContract = (name: string, { open }: SearchIndexContract) =>
  describe(`search index: ${name}`, () => {
    const random = fc.sample(corpusCases, { numRuns: 40, seed: 7 }).flat();
    let folder: string;
    let index: SearchIndex;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tenkyo-contract-'));
      const sources = { folklore, encyclopedia, copies, random: random.map((text) => ({ text })) };
      for (const [source, lines] of Object.entries(sources)) {
        await writeFile(join(folder, `${source}.jsonl`), lines.map((line) => JSON.stringify(line)).join('\n'));
      }
      index = await open('contract', join(folder, '*.jsonl'));
    });
    afterAll(async () => {
      await index?.close();
      await rm(folder, { recursive: true });
    });

    describe('keywords', () => {
      const find = async (text: string, options: Partial<Parameters<SearchIndex['keyword']['search']>[1]> = {}) => {
        const found = await index.keyword.search(tokensOf(text), { ...everything, ...options });
        const passages = await index.documents.passages(found.hits.map(({ passageId }) => passageId));
        return { ...found, ids: passages.map(({ documentId }) => documentId) };
      };

      it('finds by the words of text and title, best first', async () => {
        expect((await find('狐')).ids).toEqual(['f1']);
        expect((await find('要石')).ids).toEqual(['f0']);
        const { ids, hits } = await find('地震の原因はナマズですか', { sources: ['folklore', 'encyclopedia'] });
        expect(ids.slice(0, 3)).toEqual(['f0', 'same', 'e0']);
        expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a));
      });

      it('finds signs inside words, other planes, and folded forms', async () => {
        for (const word of ["don't", '3.14', '𠮷野', 'ガス', 'QUOTED', 'under_score']) {
          expect((await find(word)).ids).toContain('same');
        }
      });

      it('scores by BM25 with k1 0.9 and b 0.4, and a weight counts as often', async () => {
        const score = async (weight: number) =>
          (await index.keyword.search([{ token: '狐', weight }], everything)).hits[0]!.score;
        const passages = index.facts.passages;
        const idf = Math.log(1 + (passages - 0.5) / 1.5);
        const times = tokensOf(folklore[1]!.text).filter(({ token }) => token === '狐').length;
        // The passage is longer than the average, and less than four times as long.
        expect(await score(1)).toBeGreaterThan(idf * bm25(times, 4));
        expect(await score(1)).toBeLessThan(idf * bm25(times, 1));
        expect((await score(2)) / (await score(1))).toBeCloseTo(2, 4);
      });

      it('says how well keywords cover a query, and which tokens say something', async () => {
        const { coverage, telling } = await find('狐 存在しない単語');
        expect(coverage).toBeGreaterThan(0);
        expect(coverage).toBeLessThan((await find('狐')).coverage);
        expect(telling).toContain('狐');
        expect(telling).not.toContain('存在');
        expect(await find('')).toMatchObject({ hits: [], coverage: 0, telling: [] });
        expect(await find('存在')).toMatchObject({ hits: [], coverage: 0, telling: [] });
      });

      it('keeps to sources and to the limit', async () => {
        expect((await find('地震', { sources: ['folklore'] })).ids).toEqual(['f0']);
        expect((await find('地震', { limit: 1 })).ids.length).toBe(1);
        expect((await find('地震', { sources: [] })).ids).toEqual([]);
        const { hits } = await find('これは同じ文章', { sources: ['copies'] });
        expect(hits.map(({ passageId }) => passageId.split(':')[1])).toEqual(hits.map((_, at) => String(at)));
      });

      it("keeps to languages, of which a document that says none has none, and tells each hit's", async () => {
        const { hits, ids } = await find('地震', { languages: ['ja'] });
        expect(ids).toEqual(['e0']);
        expect(hits.map(({ lang }) => lang)).toEqual(['ja']);
        expect((await find('地震', { languages: ['ja', 'en'], sources: ['folklore'] })).ids).toEqual([]);
        expect((await find('地震', { languages: ['en'] })).ids).toEqual([]);
        expect((await find('地震', { languages: [] })).ids).toEqual([]);
        const all = await find('地震', { languages: null });
        expect(new Set(all.hits.map(({ lang }) => lang))).toEqual(new Set(['ja', null]));
      });

      it('finds no hidden document', async () => {
        const hidden = [
          { source: 'encyclopedia', sequence: 0 },
          { source: 'encyclopedia', sequence: 2 },
          { source: 'copies', sequence: 0 },
        ];
        const sources = ['folklore', 'encyclopedia', 'copies'];
        expect((await find('地震', { sources })).ids.toSorted()).toEqual(['e0', 'f0', 'same']);
        expect((await find('地震', { sources, hidden })).ids).toEqual(['f0']);
        expect((await find('地震', { hidden: [] })).ids).toEqual((await find('地震')).ids);
      });

      it('stops when told to', async () => {
        const signal = AbortSignal.abort(new Error('stop'));
        await expect(index.keyword.search(tokensOf('地震'), { ...everything, signal })).rejects.toThrow('stop');
      });
    });

    describe('spans', () => {
      const maximal = (text: string, sources: readonly string[] | null = null) =>
        index.spans.maximal(fold(text), { minimum: minimumSpan, sources });

      it('equal a brute-force search: stretches, counts, documents, places', async () => {
        const corpus = [folklore, encyclopedia, copies].flat().map(({ text }) => text);
        const texts = [...corpus, ...random].map(fold);
        let spansSeen = 0;
        const messages = fc.sample(messageCases([...corpus.filter((text) => text !== ''), ...random]), {
          numRuns: 300,
          seed: 11,
        });
        for (const raw of messages) {
          const message = fold(raw);
          const spans = await index.spans.maximal(message, { minimum: minimumSpan, sources: null });
          expect(spans).toEqual(spansByBruteForce(message, texts));
          spansSeen += spans.length;
          await Promise.all(
            spans.map(async ([start, end]) => {
              const part = message.slice(start, end);
              const found = await index.spans.occurrences(part, { ...everything, seed: sampleSeed });
              const wanted = countByBruteForce(texts, part);
              expect([found.count, found.documentCount]).toEqual([wanted.count, wanted.documents]);
              expect(found.places.length).toBe(Math.min(10, wanted.documents));
              for (const place of found.places) {
                const { text } = (await index.documents.document(place))!;
                const there = fold(text.slice(place.start, place.end));
                expect(there.includes(part) || part.includes(there)).toBe(true);
              }
            }),
          );
        }
        expect(spansSeen).toBeGreaterThan(40);
      }, 120_000);

      it('run over passages but not over documents', async () => {
        expect(await maximal(long)).toEqual([[0, long.length]]);
        expect(chunk({ source: 'x', sequence: 0, text: long }).length).toBeGreaterThan(1);
        expect(await maximal(`${'現象である。'}${'台風は熱'}`)).toEqual([]);
      });

      it('keep to sources', async () => {
        const text = '地下の岩盤が急にずれる';
        expect(await maximal(text, ['encyclopedia'])).toEqual([[0, text.length]]);
        expect(await maximal(text, ['folklore'])).toEqual([]);
        const options = { limit: 10, seed: 1 };
        expect(await index.spans.occurrences(text, { ...options, sources: ['folklore'] })).toEqual({
          count: 0,
          documentCount: 0,
          places: [],
        });
      });

      it('keep to languages, and to what is not hidden', async () => {
        const text = '地下の岩盤が急にずれる';
        const asked = { minimum: minimumSpan, sources: null };
        const hidden = [{ source: 'encyclopedia', sequence: 0 }];
        expect(await index.spans.maximal(fold(text), { ...asked, languages: ['ja'] })).toEqual([[0, text.length]]);
        for (const filter of [{ languages: ['en'] }, { hidden }]) {
          expect(await index.spans.maximal(fold(text), { ...asked, ...filter })).toEqual([]);
          const options = { limit: 10, seed: sampleSeed, sources: null, ...filter };
          expect(await index.spans.occurrences(text, options)).toEqual({ count: 0, documentCount: 0, places: [] });
        }
        const some = [0, 3, 17].map((sequence) => ({ source: 'copies', sequence }));
        const options = { limit: 100, seed: sampleSeed, sources: null, hidden: some };
        const { count, documentCount, places } = await index.spans.occurrences('これは同じ文章です。', options);
        expect([count, documentCount, places.length]).toEqual([74, 37, 37]);
      });

      it('of many documents give the sample that the seed draws, in order', async () => {
        const draw = (seed: number) => index.spans.occurrences('これは同じ文章です', { ...everything, seed });
        const wanted = (seed: number) =>
          copies
            .map((_, sequence) => ({ source: 'copies', sequence }))
            .toSorted((a, b) => drawOf(a, seed) - drawOf(b, seed))
            .slice(0, 10)
            .map(({ sequence }) => sequence)
            .toSorted((a, b) => a - b);
        for (const seed of [sampleSeed, 1]) {
          const { count, documentCount, places } = await draw(seed);
          expect([count, documentCount]).toEqual([80, 40]);
          expect(places.map(({ sequence }) => sequence)).toEqual(wanted(seed));
          expect(places.every(({ start, end }) => start === 0 && end === 9)).toBe(true);
        }
      });

      it('stop when told to, and refuse what is too short', async () => {
        const signal = AbortSignal.abort(new Error('stop'));
        const options = { minimum: minimumSpan, sources: null };
        await expect(index.spans.maximal('地震の原因はナマズです。', { ...options, signal })).rejects.toThrow('stop');
        await expect(index.spans.maximal('地震', { minimum: 1, sources: null })).rejects.toMatchObject({
          code: 'usage',
        });
      });
    });

    describe('documents', () => {
      it('are as they were written', async () => {
        const document = await index.documents.document({ source: 'folklore', sequence: 2 });
        expect(document).toEqual({
          id: 'same',
          source: 'folklore',
          sequence: 2,
          text: odd.toWellFormed(),
          title: null,
          url: 'https://example.com/',
          lang: null,
          meta: { 'a.b': { '': [1, null] }, url: 'https://example.com/' },
        });
        expect(await index.documents.document({ source: 'folklore', sequence: 99 })).toBeNull();
        expect((await index.documents.byId('same')).map(({ source }) => source)).toEqual(['encyclopedia', 'folklore']);
        expect(await index.documents.byId('nobody')).toEqual([]);
      });

      it('have the passages that the chunker cuts, in order, and those asked for', async () => {
        const place = { source: 'encyclopedia', sequence: 1 };
        const wanted = chunk({ ...place, text: long });
        const all = await index.documents.passagesIn(place, 0, long.length);
        expect(all.map(({ id, text, start, end }) => ({ id, text, start, end }))).toEqual(wanted);
        expect(all[0]).toMatchObject({ ...place, documentId: 'e1', title: '台風', url: null, lang: null });
        const [first, second] = wanted;
        const around = await index.documents.passagesIn(place, first!.end - 1, second!.start + 1);
        expect(around.map(({ id }) => id)).toEqual([first!.id, second!.id]);
        expect(await index.documents.passagesIn({ source: 'encyclopedia', sequence: 3 }, 0, 9)).toEqual([]);
        expect(await index.documents.passagesIn({ source: 'nowhere', sequence: 3 }, 0, 9)).toEqual([]);
        const ids = [second!.id, 'nowhere:1:0-3', 'nonsense', first!.id];
        expect((await index.documents.passages(ids)).map(({ id }) => id)).toEqual([second!.id, first!.id]);
        expect(await index.documents.passages([])).toEqual([]);
      });

      it('are counted', () => {
        const documents = folklore.length + encyclopedia.length + copies.length + random.length;
        expect(index.facts).toMatchObject({ corpus: 'contract', documents });
        expect(Date.parse(index.facts.builtAt)).not.toBeNaN();
      });
    });
  });
