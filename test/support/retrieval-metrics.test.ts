import { describe, expect, it } from '@jest/globals';
import { retrievalScores } from './retrieval-metrics.ts';

describe('retrievalScores', () => {
  it('gives 1 for a perfect list and 0 for an empty one', () => {
    expect(retrievalScores([{ found: ['a', 'b', 'c'], relevant: ['b', 'a'] }])).toEqual({
      ndcg10: 1,
      r1: 1,
      r10: 1,
      mrr: 1,
      queries: 1,
    });
    expect(retrievalScores([{ found: [], relevant: ['a'] }])).toEqual({ ndcg10: 0, r1: 0, r10: 0, mrr: 0, queries: 1 });
  });

  it('discounts by rank, counts a document once, and stops at ten', () => {
    const second = retrievalScores([{ found: ['x', 'x', 'a'], relevant: ['a'] }]);
    expect(second.ndcg10).toBeCloseTo(1 / Math.log2(3));
    expect(second.mrr).toBe(0.5);
    const eleventh = retrievalScores([{ found: [...'bcdefghijk', 'a'], relevant: ['a'] }]);
    expect(eleventh).toMatchObject({ ndcg10: 0, r10: 0, mrr: 1 / 11 });
  });
});
