/** The rows with the greatest scores of those that are added, best first; of equal scores the first added. */
export interface TopScores {
  /** What a score must exceed to be among them. */
  least: number;
  readonly best: { readonly row: number; readonly score: number }[];
  add(row: number, score: number): void;
}

/** @param least scores up to this one count as none */
export const createTopScores = (limit: number, least: number): TopScores => {
  const best: { row: number; score: number }[] = [];
  const top: TopScores = {
    least,
    best,
    add: (row, score) => {
      let low = 0;
      let high = best.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (best[middle]!.score >= score) low = middle + 1;
        else high = middle;
      }
      best.splice(low, 0, { row, score });
      if (best.length > limit) best.pop();
      if (best.length === limit) top.least = best.at(-1)!.score;
    },
  };
  return top;
};
