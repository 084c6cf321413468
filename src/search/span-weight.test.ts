import { describe, expect, it } from '@jest/globals';
import { distinctness, spanWeight } from './span-weight.ts';

describe('spanWeight', () => {
  it('puts a short stretch of one document before longer boilerplate of many', () => {
    const quote = spanWeight({ start: 0, end: 20, documentCount: 1 });
    expect(quote).toBe(20);
    expect(spanWeight({ start: 40, end: 75, documentCount: 1_000 })).toBeLessThan(quote);
    expect(spanWeight({ start: 40, end: 75, documentCount: 2 })).toBeGreaterThan(quote);
  });

  it('falls with every document more', () => {
    const weights = [1, 2, 10, 100, 1e6].map(distinctness);
    expect(weights).toEqual(weights.toSorted((a, b) => b - a));
    expect(weights.at(-1)).toBeGreaterThan(0);
  });
});
