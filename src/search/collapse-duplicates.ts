import type { FusedHit } from './fuse.ts';
import { areNearDuplicates, type Shingles, shinglesOf } from './near-duplicates.ts';
import type { StoredPassage } from './ports.ts';

export interface DistinctHit extends FusedHit {
  /** Passages of other documents with the same text but for a few words, further down the list. */
  readonly duplicates: number;
  /** Other passages of the same document, further down the list, best first. */
  readonly others: readonly StoredPassage[];
}

interface Kept {
  readonly hit: FusedHit;
  readonly shingles: Shingles;
  duplicates: number;
  readonly others: StoredPassage[];
}

const documentOf = ({ source, sequence }: StoredPassage): string => `${source}:${sequence}`;

/**
 * Makes one entry of what says the same: passages of one document stand under its best, near-duplicates in other
 * documents are counted by the first of them.
 *
 * @param passages of every hit
 */
export const collapseDuplicates = (
  hits: readonly FusedHit[],
  passages: ReadonlyMap<string, StoredPassage>,
): DistinctHit[] => {
  const kept: Kept[] = [];
  const byDocument = new Map<string, Kept>();
  for (const hit of hits) {
    const passage = passages.get(hit.passageId)!;
    const document = documentOf(passage);
    const same = byDocument.get(document);
    if (same) {
      same.others.push(passage);
      continue;
    }
    const shingles = shinglesOf(passage.text);
    const twin = kept.find((other) => areNearDuplicates(other.shingles, shingles));
    if (twin) {
      twin.duplicates++;
      continue;
    }
    const entry = { hit, shingles, duplicates: 0, others: [] };
    byDocument.set(document, entry);
    kept.push(entry);
  }
  return kept.map(({ hit, duplicates, others }) => ({ ...hit, duplicates, others }));
};
