import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fixedWeights, fuseAdaptively, fuseByRank } from './fuse.ts';
import type { ScoredPassage } from './ports.ts';

const hits = (...passages: [string, number][]): ScoredPassage[] =>
  passages.map(([passageId, score]) => ({ passageId, score }));
const ids = (fused: readonly { passageId: string }[]) => fused.map(({ passageId }) => passageId);
const japanese = () => 'ja';
const none: ScoredPassage[] = [];

describe('fuseAdaptively', () => {
  const keyword = hits(['a', 9], ['b', 5], ['c', 1]);
  const vector = hits(['z', 0.9], ['b', 0.5], ['a', 0.1]);
  const fuse = (coverage: number) =>
    ids(
      fuseAdaptively({
        exact: none,
        keyword: { hits: keyword, coverage },
        vector,
        language: 'ja',
        languageOf: japanese,
      }),
    );

  it('follows keywords where they cover the query, vectors where they do not', () => {
    expect(fuse(0.8)[0]).toBe('a');
    expect(fuse(0.05)[0]).toBe('z');
  });

  it('puts what stands word for word first', () => {
    const input = { keyword: { hits: keyword, coverage: 0.8 }, vector, language: 'ja', languageOf: japanese } as const;
    expect(ids(fuseAdaptively({ ...input, exact: hits(['c', 0.7]) }))[0]).toBe('c');
    expect(ids(fuseAdaptively({ ...input, exact: hits(['unheard', 0.7]) }))[0]).toBe('unheard');
    expect(ids(fuseAdaptively({ ...input, exact: hits(['c', 0.1]) }))[0]).toBe('a');
  });

  it('does not hold keywords against a passage in another language', () => {
    const languageOf = (id: string) => (id === 'z' ? 'en' : 'ja');
    const input = { exact: none, keyword: { hits: keyword, coverage: 0.2 }, vector, languageOf };
    const [known] = fuseAdaptively({ ...input, language: 'ja' });
    expect(known).toEqual({ passageId: 'z', score: 1, parts: { vector: 1 } });
  });

  it('lets the weights be set, and fixed whatever the query', () => {
    const input = { exact: none, keyword: { hits: keyword, coverage: 0.8 }, vector, language: 'ja' } as const;
    const first = (options: Parameters<typeof fuseAdaptively>[1]) =>
      fuseAdaptively({ ...input, languageOf: japanese }, options)[0];
    expect(first({ native: { least: 0.8 } })?.passageId).toBe('z');
    expect(first(fixedWeights(0.75))).toEqual({ passageId: 'z', score: 0.75, parts: { vector: 0.75 } });
    expect(first(fixedWeights(0.25))?.passageId).toBe('a');
    expect(first({ native: { covered: 0.9, uncovered: 0.9 } })?.passageId).toBe('z');
  });

  it('gives vectors all the weight where keywords gave no answer, and keywords where there are no vectors', () => {
    const alone = fuseAdaptively({ exact: none, keyword: null, vector, language: 'ja', languageOf: japanese });
    expect(alone.map(({ score }) => score)).toEqual([1, 0.5, 0]);
    const without = fuseAdaptively({
      exact: none,
      keyword: { hits: keyword, coverage: 0 },
      vector: none,
      language: null,
      languageOf: () => null,
    });
    expect(without.map(({ score }) => score)).toEqual([1, 0.5, 0]);
  });

  it('gives every passage once, best first, and parts that add up', () => {
    const list = fc
      .uniqueArray(
        fc.record({ passageId: fc.constantFrom(...'abcdefghij'), score: fc.double({ min: 0, max: 20, noNaN: true }) }),
        {
          selector: ({ passageId }) => passageId,
        },
      )
      .map((found) => found.toSorted((a, b) => b.score - a.score));
    fc.assert(
      fc.property(
        list,
        list,
        list,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('ja', 'en', null),
        (exact, words, likes, coverage, lang) => {
          const languageOf = (id: string) => (id < 'e' ? 'en' : id < 'h' ? 'ja' : null);
          const fused = fuseAdaptively({
            exact,
            keyword: { hits: words, coverage },
            vector: likes,
            language: lang,
            languageOf,
          });
          expect(new Set(ids(fused))).toEqual(new Set(ids([...exact, ...words, ...likes])));
          expect(fused.length).toBe(new Set(ids(fused)).size);
          for (const [index, { score, parts }] of fused.entries()) {
            expect(score).toBeLessThanOrEqual(fused[index - 1]?.score ?? Number.POSITIVE_INFINITY);
            expect(Object.values(parts).reduce((a, b) => a + b, 0)).toBeCloseTo(score);
          }
        },
      ),
    );
  });
});

describe('fuseByRank', () => {
  it('adds reciprocal ranks', () => {
    const fused = fuseByRank([
      { engine: 'keyword', hits: hits(['a', 3], ['b', 2]) },
      { engine: 'vector', hits: hits(['b', 0.4]) },
    ]);
    expect(fused).toEqual([
      { passageId: 'b', score: 1 / 62 + 1 / 61, parts: { keyword: 1 / 62, vector: 1 / 61 } },
      { passageId: 'a', score: 1 / 61, parts: { keyword: 1 / 61 } },
    ]);
  });
});
