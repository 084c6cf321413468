import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Range } from '../text/graphemes.ts';
import { separateSpans } from './separate-spans.ts';

describe('separateSpans', () => {
  it('leaves the longest whole and gives the others what is left', () => {
    expect(
      separateSpans(
        [
          [0, 20],
          [10, 45],
          [60, 70],
        ],
        8,
      ),
    ).toEqual([
      [0, 10],
      [10, 45],
      [60, 70],
    ]);
  });

  it('takes what a remainder lacks from its neighbour', () => {
    expect(
      separateSpans(
        [
          [0, 20],
          [15, 25],
        ],
        8,
      ),
    ).toEqual([
      [0, 17],
      [17, 25],
    ]);
    expect(
      separateSpans(
        [
          [5, 15],
          [10, 30],
        ],
        8,
      ),
    ).toEqual([
      [5, 13],
      [13, 30],
    ]);
  });

  it('drops a remainder that nobody can spare anything for', () => {
    expect(
      separateSpans(
        [
          [0, 9],
          [5, 13],
        ],
        8,
      ),
    ).toEqual([[0, 9]]);
  });

  it('gives disjoint parts of the spans, none too short, in order', () => {
    const spans = fc
      .array(fc.tuple(fc.nat(100), fc.integer({ min: 8, max: 40 })), { maxLength: 8 })
      .map((pairs) => pairs.map(([start, length]): Range => [start, start + length]));
    fc.assert(
      fc.property(spans, (given) => {
        let last = 0;
        for (const [start, end] of separateSpans(given, 8)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end - start).toBeGreaterThanOrEqual(8);
          expect(given.some(([from, to]) => from <= start && end <= to)).toBe(true);
          last = end;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
