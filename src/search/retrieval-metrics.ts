import { seededRandom } from './seeded-random.ts';

/** The documents that a search gave for a query, best first, and those that it should give. */
export interface Judged {
  readonly found: readonly string[];
  /** Documents with their gain (1 where the judgements know only yes and no). */
  readonly relevant: Readonly<Record<string, number>>;
}

export interface RetrievalScores {
  readonly ndcg10: number;
  readonly r1: number;
  readonly r10: number;
  readonly mrr: number;
  readonly queries: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);
const discounted = (gain: number, index: number): number => gain / Math.log2(index + 2);

/** The scores of one query; nDCG is 0 where nothing is relevant. */
export const scoresOfQuery = ({ found, relevant }: Judged): Omit<RetrievalScores, 'queries'> => {
  const wanted = Object.values(relevant).filter((gain) => gain > 0);
  const gains = [...new Set(found)].map((id) => (Object.hasOwn(relevant, id) ? relevant[id]! : 0));
  const ideal = sum(
    wanted
      .toSorted((a, b) => b - a)
      .slice(0, 10)
      .map(discounted),
  );
  const first = gains.findIndex((gain) => gain > 0);
  return {
    ndcg10: ideal > 0 ? sum(gains.slice(0, 10).map(discounted)) / ideal : 0,
    r1: first === 0 ? 1 : 0,
    r10: gains.slice(0, 10).filter((gain) => gain > 0).length / Math.max(1, wanted.length),
    mrr: first < 0 ? 0 : 1 / (first + 1),
  };
};

/**
 * Means over queries: nDCG@10 (Järvelin and Kekäläinen, 2002; log2 discount), R@1 (a relevant document comes first),
 * R@10 (share of the relevant ones among the first ten) and the mean reciprocal rank. Several passages of a document
 * count once.
 */
export const retrievalScores = (judged: readonly Judged[]): RetrievalScores => {
  const each = judged.map(scoresOfQuery);
  const over = (field: 'ndcg10' | 'r1' | 'r10' | 'mrr'): number => mean(each.map((one) => one[field]));
  return { ndcg10: over('ndcg10'), r1: over('r1'), r10: over('r10'), mrr: over('mrr'), queries: each.length };
};

/** Least value that is at or above a share of the others; NaN of none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};

export interface Interval {
  readonly mean: number;
  /** Within these 95 % of the resampled means lie. */
  readonly low: number;
  readonly high: number;
}

/** The mean with its bootstrap percentile interval (Efron, 1979): 1,000 samples with replacement, drawn by the seed. */
export const bootstrapInterval = (values: readonly number[], { seed = 42, samples = 1_000 } = {}): Interval => {
  const random = seededRandom(seed);
  const means = Array.from({ length: samples }, () => {
    let total = 0;
    for (let drawn = 0; drawn < values.length; drawn++) total += values[Math.floor(random() * values.length)]!;
    return values.length === 0 ? 0 : total / values.length;
  });
  return { mean: mean(values), low: quantile(means, 0.025), high: quantile(means, 0.975) };
};
