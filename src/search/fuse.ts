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
  /** What the reranker said of it; left out: it was not asked. */
  readonly reranked?: number;
}

type Parts = Partial<Record<EngineName, number>>;

const collect = () => {
  const found = new Map<string, { passageId: string; parts: Parts; score: number }>();
  return {
    add: (passageId: string, engine: EngineName, part: number): void => {
      const hit = found.get(passageId);
      if (!hit) {
        found.set(passageId, { passageId, parts: { [engine]: part }, score: part });
        return;
      }
      hit.parts[engine] = part;
      hit.score += part;
    },
    /** Ties keep the order in which they were added. */
    best: (): FusedHit[] => [...found.values()].sort((a, b) => b.score - a.score),
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

/** How much vectors count beside keywords: most where keywords hardly cover the query, least where they cover it well. */
interface VectorWeight {
  /** Keyword coverage (0…1) from which on vectors count least … */
  readonly covered: number;
  /** … and up to which they count most; straight between. */
  readonly uncovered: number;
  readonly least: number;
  readonly most: number;
}

/** The values were chosen with a static embedding model; docs/quality.md has what they give, and on what. */
export interface AdaptiveOptions {
  /** For passages in the query's language (or where one of the two is unknown). */
  readonly native?: Partial<VectorWeight>;
  /** For passages in another language: their share of the vectors' score is all that they have. */
  readonly foreign?: Partial<VectorWeight>;
}

const nativeWeight: VectorWeight = { covered: 0.25, uncovered: 0.14, least: 0.1, most: 0.9 };
const foreignWeight: VectorWeight = { covered: 0.4, uncovered: 0.2, least: 0.3, most: 1 };

/** Vectors with the same share of every list's score, whatever the query. */
export const fixedWeights = (vector: number): AdaptiveOptions => ({
  native: { least: vector, most: vector },
  foreign: { least: vector, most: vector },
});

/** Straight between; with `covered` at or below `uncovered` it steps there. */
const weightAt = (coverage: number, { covered, uncovered, least, most }: VectorWeight): number =>
  Math.max(
    least,
    most * Math.min(1, Math.max(0, (covered - coverage) / Math.max(covered - uncovered, Number.EPSILON))),
  );

/** What stands word for word with a share of `sureExact` comes before all that doesn't. */
const exactWeight = 1.5;
/**
 * Below the one share a verbatim stretch adds nothing, from the other on everything. On JSQuAD a stretch of a question
 * with a share of 0.3 to 0.4 stood in the passage asked for in 67 % of the cases, with 0.5 in 95 %, with 0.7 in 99 %.
 */
const tellingExact = 0.45;
const sureExact = 0.7;

const exactPart = (share: number): number =>
  exactWeight * Math.min(1, Math.max(0, (share - tellingExact) / (sureExact - tellingExact)));

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
  { native = {}, foreign = {} }: AdaptiveOptions = {},
): FusedHit[] => {
  const coverage = keyword?.coverage ?? 0;
  const weight = keyword === null ? 1 : weightAt(coverage, { ...nativeWeight, ...native });
  const foreignShare = keyword === null ? 1 : weightAt(coverage, { ...foreignWeight, ...foreign });
  const isForeign = (passageId: string): boolean => {
    const other = languageOf(passageId);
    return language !== null && other !== null && other !== language;
  };
  const sameLanguage = keyword?.hits.filter(({ passageId }) => !isForeign(passageId)) ?? [];
  const otherLanguage = keyword?.hits.filter(({ passageId }) => isForeign(passageId)) ?? [];
  const fused = collect();
  for (const { passageId, score } of exact) fused.add(passageId, 'exact', exactPart(score));
  for (const { passageId, share } of spread(sameLanguage)) {
    fused.add(passageId, 'keyword', (vector.length > 0 ? 1 - weight : 1) * share);
  }
  for (const { passageId, share } of spread(vector)) {
    fused.add(passageId, 'vector', (isForeign(passageId) ? foreignShare : weight) * share);
  }
  // Found all the same: below everything else.
  for (const { passageId } of otherLanguage) fused.add(passageId, 'keyword', 0);
  return fused.best();
};
