import { fold } from '../text/normalize.ts';
import type { FusedHit } from './fuse.ts';
import { createOriginals, shinglesOf } from './near-duplicates.ts';
import type { StoredPassage } from './ports.ts';

export interface DistinctHit extends FusedHit {
  /** Passages of other documents with the same text but for a few words, further down the list. */
  readonly duplicates: number;
  /** Other passages of the same document, further down the list, best first. */
  readonly others: readonly StoredPassage[];
}

interface Kept extends FusedHit {
  duplicates: number;
  readonly others: StoredPassage[];
}

/** Takes hits in the order of the fused list, as many at a time as were looked up. */
export interface Collapser {
  add(hits: readonly FusedHit[]): void;
  /** So far, best first; later hits may still be counted by these or stand under them. */
  readonly kept: readonly DistinctHit[];
}

const documentOf = ({ source, sequence }: StoredPassage): string => `${source}:${sequence}`;

/**
 * Makes one entry of what says the same: passages of one document stand under its best, near-duplicates in other
 * documents are counted by the first of them.
 *
 * @param passages of every hit that is added
 */
export const createCollapser = (passages: ReadonlyMap<string, StoredPassage>): Collapser => {
  const kept: Kept[] = [];
  const byDocument = new Map<string, Kept>();
  const originals = createOriginals<Kept>();
  return {
    kept,
    add: (hits) => {
      for (const hit of hits) {
        const passage = passages.get(hit.passageId)!;
        const document = documentOf(passage);
        const same = byDocument.get(document);
        if (same) {
          same.others.push(passage);
          continue;
        }
        const shingles = shinglesOf(fold(passage.text));
        const twin = originals.twinOf(shingles);
        if (twin) {
          twin.duplicates++;
          continue;
        }
        const entry = { ...hit, duplicates: 0, others: [] };
        byDocument.set(document, entry);
        originals.add(shingles, entry);
        kept.push(entry);
      }
    },
  };
};
