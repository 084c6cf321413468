import { describe, expect, it } from '@jest/globals';
import { bootstrapInterval, quantile, retrievalScores } from './retrieval-metrics.ts';

describe('retrievalScores', () => {
  it('gives 1 for a perfect list and 0 for an empty one', () => {
    const relevant = { a: 1, b: 1 };
    expect(retrievalScores([{ found: ['a', 'b', 'c'], relevant }])).toEqual({
      ndcg10: 1,
      r1: 1,
      r10: 1,
      mrr: 1,
      queries: 1,
    });
    expect(retrievalScores([{ found: [], relevant }])).toEqual({ ndcg10: 0, r1: 0, r10: 0, mrr: 0, queries: 1 });
  });

  it('discounts by rank, counts a document once, and stops at ten', () => {
    const second = retrievalScores([{ found: ['x', 'x', 'a'], relevant: { a: 1 } }]);
    expect(second.ndcg10).toBeCloseTo(1 / Math.log2(3));
    expect(second.mrr).toBe(0.5);
    const eleventh = retrievalScores([{ found: [...'bcdefghijk', 'a'], relevant: { a: 1 } }]);
    expect(eleventh).toMatchObject({ ndcg10: 0, r10: 0, mrr: 1 / 11 });
  });

  it('weighs graded judgements by their gain, and takes one of gain 0 for none', () => {
    const { ndcg10, r10, r1 } = retrievalScores([{ found: ['z', 'b', 'a'], relevant: { a: 2, b: 1, z: 0 } }]);
    expect(ndcg10).toBeCloseTo((1 / Math.log2(3) + 2 / Math.log2(4)) / (2 + 1 / Math.log2(3)));
    expect([r10, r1]).toEqual([1, 0]);
  });
});

describe('bootstrapInterval', () => {
  it('holds the mean, is the same for the same seed, and narrow for equal values', () => {
    const values = Array.from({ length: 400 }, (_, index) => index % 2);
    const { mean, low, high } = bootstrapInterval(values);
    expect(mean).toBe(0.5);
    // 1.96 standard errors of 0.025.
    expect(low).toBeGreaterThan(0.43);
    expect(low).toBeLessThan(0.47);
    expect(high).toBeGreaterThan(0.53);
    expect(high).toBeLessThan(0.57);
    expect(bootstrapInterval(values)).toEqual({ mean, low, high });
    expect(bootstrapInterval([3, 3, 3])).toEqual({ mean: 3, low: 3, high: 3 });
  });

  it('takes quantiles', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(3);
    expect(quantile([1, 2], 0.95)).toBe(2);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
