import { TenkyoError } from '../errors.ts';
import type { ReadingLookup, StoredPassage } from './ports.ts';
import type { Reading } from './result.ts';

/** When the run must have read a document for it to be shown. */
export interface ReadingFilter {
  readonly beforeIteration?: number | null;
  readonly afterIteration?: number | null;
  readonly phase?: string | null;
  readonly languages?: readonly string[] | null;
}

const hasPeriod = ({ beforeIteration, afterIteration, phase }: ReadingFilter): boolean =>
  (beforeIteration ?? afterIteration ?? phase ?? null) !== null;

/** Whether hits fall out after the engines have given their lists. */
export const filtersLater = (filter: ReadingFilter): boolean =>
  hasPeriod(filter) || (filter.languages ?? null) !== null;

/**
 * Whether the run read a hit's document within the period; a document of which that isn't known is left out.
 *
 * @returns null when no period is asked for
 * @throws TenkyoError `usage` when the run has no such phase
 */
export const createReadingFilter = (
  readings: ReadingLookup,
  filter: ReadingFilter,
): ((reading: Reading, passage: StoredPassage) => Promise<boolean>) | null => {
  if (!hasPeriod(filter)) return null;
  const { beforeIteration, afterIteration, phase } = filter;
  let from = afterIteration ?? 0;
  let to = beforeIteration ?? Number.POSITIVE_INFINITY;
  if (phase !== undefined && phase !== null) {
    const named = readings.phases?.find(({ name }) => name === phase);
    if (!named) {
      throw new TenkyoError('usage', `the run has no phase "${phase}"`, {
        expected: readings.phases?.map(({ name }) => name).join(', ') || 'a run with phases',
        found: phase,
        remedy: 'Name one of its phases: tenkyo runs.',
      });
    }
    from = Math.max(from, named.from);
    to = Math.min(to, named.to);
  }
  const anyTime = (beforeIteration ?? afterIteration ?? null) === null;
  return async (reading, { source, sequence }) => {
    if (reading.state === 'unknown') return anyTime && reading.phase !== undefined && reading.phase === phase;
    if (reading.state !== 'read' || reading.first >= to || reading.last < from) return false;
    if ((reading.first >= from && reading.first < to) || (reading.last >= from && reading.last < to)) return true;
    return (await readings.readBetween?.(source, sequence, from, to)) === true;
  };
};
