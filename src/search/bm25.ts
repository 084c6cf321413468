/** BM25 (Robertson and Zaragoza, 2009) with Lucene's idf; the constants were chosen on Japanese questions. */
const k1 = 0.9;
const b = 0.4;

/** Terms in more than this share of the passages say little and cost most: they are left out … */
const frequentShare = 0.05;
/** … but never so that fewer than this are asked. */
const leastTerms = 3;
/** Terms asked of one query: those of a long answer that say most. */
const mostTerms = 128;

/** @param frequency passages that hold the term @param count passages in all */
export const idf = (frequency: number, count: number): number =>
  Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));

/** @param times the term's in the passage @param relativeLength tokens of the passage ÷ the average */
export const bm25 = (times: number, relativeLength: number): number =>
  (times * (k1 + 1)) / (times + k1 * (1 - b + b * relativeLength));

export interface KnownTerm {
  readonly token: string;
  readonly weight: number;
  readonly frequency: number;
}

/**
 * The terms of a query worth asking for, and the score that a passage holding all of them would come near: the sum over
 * all distinct terms, those that the corpus lacks included, so that a query of foreign words shows as badly covered.
 */
export const chooseTerms = (terms: readonly KnownTerm[], count: number): { asked: KnownTerm[]; ceiling: number } => {
  const limit = Math.max(1, count * frequentShare);
  const present = terms.filter(({ frequency }) => frequency > 0).toSorted((x, y) => x.frequency - y.frequency);
  const rare = present.filter(({ frequency }, index) => frequency <= limit || index < leastTerms);
  const asked = rare
    .toSorted((x, y) => y.weight * idf(y.frequency, count) - x.weight * idf(x.frequency, count))
    .slice(0, mostTerms);
  const ceiling =
    (k1 + 1) * terms.reduce((sum, { weight, frequency }) => sum + Math.min(1, weight) * idf(frequency, count), 0);
  return { asked, ceiling };
};
