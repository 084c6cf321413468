import { describe, expect, it } from '@jest/globals';
import type { KeywordResult, SearchIndex } from './ports.ts';
import { calibrate, createBands } from './relevance.ts';

const even = Array.from({ length: 21 }, (_, point) => point / 20);
const keyword = (hits: [string, number][], coverage: number): KeywordResult => ({
  hits: hits.map(([passageId, score]) => ({ passageId, score })),
  coverage,
  telling: [],
});

describe('createBands', () => {
  const lists = {
    exact: { hits: [{ passageId: 'verbatim', score: 0.7 }], matches: [], marks: new Map(), passages: new Map() },
    keyword: keyword(
      [
        ['a', 20],
        ['b', 10],
        ['c', 1],
      ],
      1,
    ),
    vector: [
      { passageId: 'a', score: 0.95 },
      { passageId: 'foreign', score: 0.93 },
      { passageId: 'farther', score: 0.8 },
      { passageId: 'b', score: 0.6 },
    ],
  };

  it('says where the mean of both engines stands', () => {
    const band = createBands({ keyword: even, vector: even }, lists);
    expect(band('a', false)).toBe('high');
    expect(band('b', false)).toBe('medium');
    expect(band('c', false)).toBe('low');
  });

  it('asks vectors alone of another language, where only a high place says something', () => {
    const band = createBands({ keyword: even, vector: even }, lists);
    expect([band('farther', true), band('farther', false)]).toEqual([null, 'low']);
  });

  it('needs nothing of what stands word for word', () => {
    const band = createBands({ keyword: even, vector: even }, lists);
    expect([band('foreign', true), band('foreign', false), band('verbatim', false)]).toEqual(['high', 'low', 'high']);
  });

  it('says nothing without a calibration, or with one of an engine that gave nothing', () => {
    expect(createBands(null, lists)('a', false)).toBeNull();
    expect(createBands({ keyword: null, vector: even }, { ...lists, vector: null })('a', false)).toBeNull();
  });
});

describe('calibrate', () => {
  it('takes the best of other documents, and needs twenty sentences', async () => {
    const hits: [string, number][] = [
      ['web:3:0-9', 9],
      ['web:7:0-9', 3],
    ];
    const index = { keyword: { search: async () => keyword(hits, 0.6) }, vector: null } as unknown as SearchIndex;
    const passages = Array.from({ length: 30 }, () => ({
      source: 'web',
      sequence: 3,
      text: '地震は岩盤がずれて起こる。短い。',
    }));
    const { keyword: scores, vector } = await calibrate(passages, { index, embedder: null });
    expect(vector).toBeNull();
    expect(scores).toHaveLength(21);
    expect(scores?.[0]).toBeCloseTo(0.2);
    expect((await calibrate(passages.slice(0, 10), { index, embedder: null })).keyword).toBeNull();
  });
});
