import type { Language } from '../text/language.ts';
import type { ScoredPassage } from './ports.ts';
import type { EngineName } from './result.ts';

/** What one engine found, best first. */
export interface RankedList {
  readonly engine: EngineName;
  readonly hits: readonly ScoredPassage[];
}

/** A passage of the fused list. */
export interface FusedHit {
  readonly passageId: string;
  readonly score: number;
  /** What each engine added to the score. */
  readonly parts: Readonly<Partial<Record<EngineName, number>>>;
}

type Parts = Partial<Record<EngineName, number>>;

const collect = () => {
  const found = new Map<string, Parts>();
  return {
    add: (passageId: string, engine: EngineName, part: number): void => {
      const parts = found.get(passageId) ?? {};
      parts[engine] = part;
      found.set(passageId, parts);
    },
    /** Ties keep the order in which they were added. */
    best: (): FusedHit[] =>
      [...found]
        .map(([passageId, parts]) => ({ passageId, parts, score: Object.values(parts).reduce((a, b) => a + b, 0) }))
        .toSorted((a, b) => b.score - a.score),
  };
};

/**
 * Fuses ranked lists by reciprocal rank (Cormack et al., SIGIR 2009). An option for lists whose scores say nothing;
 * with a weak vector model it is worse than keywords alone.
 *
 * @param k rank constant, dimensionless; 60 as in the paper
 */
export const fuseByRank = (lists: readonly RankedList[], { k = 60 }: { k?: number } = {}): FusedHit[] => {
  const fused = collect();
  for (const { engine, hits } of lists) {
    for (const [index, { passageId }] of hits.entries()) fused.add(passageId, engine, 1 / (k + index + 1));
  }
  return fused.best();
};

/** Scores from 0 (the last of the list) to 1 (its first). */
const spread = (hits: readonly ScoredPassage[]): { passageId: string; share: number }[] => {
  const greatest = hits[0]?.score ?? 0;
  const range = greatest - (hits.at(-1)?.score ?? 0);
  return hits.map(({ passageId, score }) => ({
    passageId,
    share: range > 0 ? 1 - (greatest - score) / range : 1,
  }));
};

/** How much vectors count beside keywords. The values are those of a static embedding model. */
export interface AdaptiveOptions {
  /** Keyword coverage from which on vectors count least, and up to which they count most. */
  readonly covered?: number;
  readonly uncovered?: number;
  readonly leastVector?: number;
  readonly mostVector?: number;
}

/** A passage in another language than the query's weighs by its vector alone, this many times as much. */
const foreignVector = 3;

/** A passage with two thirds of the message, or 26 characters of it, word for word comes before all without. */
const exactWeight = 1.5;

/**
 * Fuses by weighted scores; the weight follows the query. Where keywords cover it well they decide; where they hardly
 * do (a paraphrase, another language) vectors do. To a passage in another language than the query's, keywords say
 * nothing, so what they say isn't held against it. What stands word for word in a passage is added on top.
 *
 * @param keyword scores and the coverage of the query, null when the engine gave none
 * @param languageOf a passage's language, null when unknown
 */
export const fuseAdaptively = (
  {
    exact,
    keyword,
    vector,
    language,
    languageOf,
  }: {
    exact: readonly ScoredPassage[];
    keyword: { hits: readonly ScoredPassage[]; coverage: number } | null;
    vector: readonly ScoredPassage[];
    language: Language | null;
    languageOf: (passageId: string) => string | null;
  },
  { covered = 0.3, uncovered = 0.12, leastVector = 0.1, mostVector = 0.9 }: AdaptiveOptions = {},
): FusedHit[] => {
  const lack = keyword === null ? 1 : Math.min(1, Math.max(0, (covered - keyword.coverage) / (covered - uncovered)));
  const weight = keyword === null ? 1 : Math.max(leastVector, mostVector * lack);
  const isForeign = (passageId: string): boolean => {
    const other = languageOf(passageId);
    return language !== null && other !== null && other !== language;
  };
  const native = keyword?.hits.filter(({ passageId }) => !isForeign(passageId)) ?? [];
  const foreign = keyword?.hits.filter(({ passageId }) => isForeign(passageId)) ?? [];
  const fused = collect();
  for (const { passageId, score } of exact) fused.add(passageId, 'exact', exactWeight * score);
  for (const { passageId, share } of spread(native)) {
    fused.add(passageId, 'keyword', (vector.length > 0 ? 1 - weight : 1) * share);
  }
  for (const { passageId, share } of spread(vector)) {
    fused.add(passageId, 'vector', isForeign(passageId) ? Math.min(1, weight * foreignVector) * share : weight * share);
  }
  // Found all the same: below everything else.
  for (const { passageId } of foreign) fused.add(passageId, 'keyword', 0);
  return fused.best();
};
