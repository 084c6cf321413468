/** BM25 (Robertson and Zaragoza, 2009) with Lucene's idf; the constants were chosen on Japanese questions. */
export const constants = { k1: 0.9, b: 0.4 } as const;
const { k1, b } = constants;

/** Terms in more than this share of the passages say little … */
const frequentShare = 0.05;
/** … but what a query has of others may be nothing: this many of its rarest are always taken. */
const leastTerms = 3;
/** Leaving frequent terms out halves the time of a search; below this many postings there is no time to win. */
const cheapPostings = 4_000;
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
  /** Passages that hold it. */
  readonly frequency: number;
}

export interface ChosenTerms {
  /** Worth the asking. */
  readonly asked: readonly KnownTerm[];
  /** Worth showing: not found everywhere. */
  readonly telling: readonly KnownTerm[];
  /** What a passage holding every term many times would score; terms that the corpus lacks count, too. */
  readonly ceiling: number;
}

export const chooseTerms = (terms: readonly KnownTerm[], count: number): ChosenTerms => {
  const present = terms.filter(({ frequency }) => frequency > 0).toSorted((x, y) => x.frequency - y.frequency);
  const upTo = (limit: number) => present.filter(({ frequency }, index) => frequency <= limit || index < leastTerms);
  const gain = ({ weight, frequency }: KnownTerm): number => weight * idf(frequency, count);
  return {
    asked: upTo(Math.max(cheapPostings, count * frequentShare))
      .toSorted((x, y) => gain(y) - gain(x))
      .slice(0, mostTerms),
    telling: upTo(count * frequentShare),
    ceiling: (k1 + 1) * terms.reduce((sum, term) => sum + gain(term), 0),
  };
};
