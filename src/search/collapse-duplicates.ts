import { fold } from '../text/normalize.ts';
import type { FusedHit } from './fuse.ts';

export interface DistinctHit extends FusedHit {
  /** Other passages with the same text, further down the list. */
  readonly duplicates: number;
}

/** What two passages must share to be the same: letters and numbers, in one width and case. */
const essence = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]/gu, '');

/** Keeps the best of the passages with the same text, and counts the others. */
export const collapseDuplicates = (hits: readonly FusedHit[], textOf: (passageId: string) => string): DistinctHit[] => {
  const distinct = new Map<string, DistinctHit>();
  for (const hit of hits) {
    const key = essence(textOf(hit.passageId)) || hit.passageId;
    const kept = distinct.get(key);
    distinct.set(key, kept ? { ...kept, duplicates: kept.duplicates + 1 } : { ...hit, duplicates: 0 });
  }
  return [...distinct.values()];
};
