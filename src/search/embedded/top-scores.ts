/**
 * The rows with the greatest scores, best first; ties keep the lesser row first. Scores of 0 count as none when
 * `positive`.
 *
 * @param scores by row; index 0 stands for no row
 */
export const topScores = (
  scores: Float64Array,
  { limit, wanted, positive }: { limit: number; wanted: ((row: number) => boolean) | null; positive: boolean },
): { row: number; score: number }[] => {
  const best: { row: number; score: number }[] = [];
  let least = positive ? 0 : Number.NEGATIVE_INFINITY;
  for (let row = 1; row < scores.length; row++) {
    const score = scores[row]!;
    if (score <= least || (wanted && !wanted(row))) continue;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (best[middle]!.score >= score) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, { row, score });
    if (best.length > limit) best.pop();
    if (best.length === limit) least = best.at(-1)!.score;
  }
  return best;
};
