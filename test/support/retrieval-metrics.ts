/** The documents that a search gave for a query, best first, and those that it should give. */
export interface Judged {
  readonly found: readonly string[];
  readonly relevant: readonly string[];
}

export interface RetrievalScores {
  readonly ndcg10: number;
  readonly r1: number;
  readonly r10: number;
  readonly mrr: number;
  readonly queries: number;
}

const gain = (rank: number): number => 1 / Math.log2(rank + 1);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const scoresOf = ({ found, relevant }: Judged) => {
  const wanted = new Set(relevant);
  const unique = [...new Set(found)];
  const ranks = unique.flatMap((id, index) => (wanted.has(id) ? [index + 1] : []));
  const within10 = ranks.filter((rank) => rank <= 10);
  const ideal = sum([...wanted].slice(0, 10).map((_, index) => gain(index + 1)));
  return {
    ndcg10: sum(within10.map(gain)) / ideal,
    r1: ranks[0] === 1 ? 1 : 0,
    r10: within10.length / wanted.size,
    mrr: ranks[0] === undefined ? 0 : 1 / ranks[0],
  };
};

/**
 * Means over queries: nDCG@10 (binary gain, log2 discount), R@1 (a relevant document comes first), R@10 (share of the
 * relevant ones among the first ten) and the mean reciprocal rank. Several passages of a document count once.
 */
export const retrievalScores = (judged: readonly Judged[]): RetrievalScores => {
  const each = judged.map(scoresOf);
  const mean = (field: 'ndcg10' | 'r1' | 'r10' | 'mrr'): number => sum(each.map((one) => one[field])) / each.length;
  return { ndcg10: mean('ndcg10'), r1: mean('r1'), r10: mean('r10'), mrr: mean('mrr'), queries: each.length };
};
