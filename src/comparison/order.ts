import { createHash } from 'node:crypto';

/**
 * Whether a person sees the second answer as A: half of the people do, and each always the same, so that a vote which
 * is opened again shows what it showed.
 *
 * @param seeded numbers in [0, 1) from a seed
 */
export const isSwapped = (comparisonId: string, user: string, seeded: (seed: number) => () => number): boolean =>
  seeded(createHash('sha256').update(`${comparisonId}\0${user}`).digest().readInt32LE(0))() < 0.5;
