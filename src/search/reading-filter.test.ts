import { describe, expect, it } from '@jest/globals';
import type { ReadingLookup, StoredPassage } from './ports.ts';
import { createReadingFilter, type ReadingFilter } from './reading-filter.ts';
import type { Reading } from './result.ts';

const readings: ReadingLookup = {
  run: { name: 'demo', iterations: 100 },
  readingOf: async () => ({ state: 'unknown' }),
  phases: [
    { name: 'blend', from: 0, to: 60 },
    { name: 'refined', from: 60, to: 100 },
  ],
  readBetween: async (_source, _sequence, from, to) =>
    [10, 40, 90].some((iteration) => iteration >= from && iteration < to),
};
const read: Reading = { state: 'read', run: 'demo', shown: 90, first: 10, last: 90, timesRead: 3, lastIndex: 99 };
const keeps = (filter: ReadingFilter, reading: Reading = read, lookup = readings) =>
  createReadingFilter(lookup, filter)?.(reading, { source: 'web', sequence: 0 } as StoredPassage);

describe('createReadingFilter', () => {
  it('looks for a reading within the period', async () => {
    expect(await keeps({})).toBeUndefined();
    expect(await keeps({ beforeIteration: 11 })).toBe(true);
    expect(await keeps({ beforeIteration: 10 })).toBe(false);
    expect(await keeps({ afterIteration: 90 })).toBe(true);
    expect(await keeps({ afterIteration: 91 })).toBe(false);
    expect(await keeps({ afterIteration: 30, beforeIteration: 50 })).toBe(true);
    expect(await keeps({ afterIteration: 50, beforeIteration: 80 })).toBe(false);
  });

  it('knows phases, and refuses one that the run has not', async () => {
    expect(await keeps({ phase: 'refined' })).toBe(true);
    expect(await keeps({ phase: 'refined', beforeIteration: 90 })).toBe(false);
    expect(() => createReadingFilter(readings, { phase: 'x' })).toThrow(
      expect.objectContaining({ code: 'usage', expected: 'blend, refined' }),
    );
  });

  it('leaves out what was not read, or of which nothing is known', async () => {
    expect(await keeps({ beforeIteration: 50 }, { state: 'unknown' })).toBe(false);
    expect(await keeps({ phase: 'blend' }, { state: 'not_read', run: 'demo', lastIndex: 99 })).toBe(false);
    const inBlend: Reading = { state: 'unknown', phase: 'blend' };
    expect(await keeps({ phase: 'blend' }, inBlend)).toBe(true);
    expect(await keeps({ phase: 'refined' }, inBlend)).toBe(false);
    expect(await keeps({ phase: 'blend', beforeIteration: 50 }, inBlend)).toBe(false);
    const { readBetween: _, ...without } = readings;
    expect(await keeps({ afterIteration: 30, beforeIteration: 50 }, read, without)).toBe(false);
  });
});
