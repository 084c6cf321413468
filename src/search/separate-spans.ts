import type { Range } from '../text/graphemes.ts';

const length = ([start, end]: Range): number => end - start;

/** What of a range lies outside of all others, in order. */
const outside = ([start, end]: Range, others: readonly Range[]): Range[] => {
  const left: Range[] = [];
  let at = start;
  for (const [otherStart, otherEnd] of others.toSorted((a, b) => a[0] - b[0])) {
    if (otherEnd <= at || otherStart >= end) continue;
    if (otherStart > at) left.push([at, otherStart]);
    at = Math.max(at, otherEnd);
  }
  if (at < end) left.push([at, end]);
  return left;
};

/**
 * Makes overlapping spans disjoint, so that each can be shown and numbered by itself: the longest stays whole, a
 * shorter one keeps what is left of it. A remainder shorter than `minimum` takes what it lacks from its neighbour if
 * that can spare it (each part of a verbatim span is verbatim), so that hardly a verbatim character goes uncounted.
 *
 * @returns disjoint ranges of at least `minimum` units, in order, each inside one of the given ones
 */
export const separateSpans = (spans: readonly Range[], minimum: number): Range[] => {
  const taken: [number, number][] = [];
  for (const span of spans.toSorted((a, b) => length(b) - length(a) || a[0] - b[0])) {
    for (const [start, end] of outside(span, taken)) {
      const lacks = minimum - (end - start);
      if (lacks <= 0) {
        taken.push([start, end]);
        continue;
      }
      const before = taken.find((other) => other[1] === start && length(other) - lacks >= minimum);
      const after = taken.find((other) => other[0] === end && length(other) - lacks >= minimum);
      if (before && start - lacks >= span[0]) {
        before[1] -= lacks;
        taken.push([start - lacks, end]);
      } else if (after && end + lacks <= span[1]) {
        after[0] += lacks;
        taken.push([start, end + lacks]);
      }
    }
  }
  return taken.toSorted((a, b) => a[0] - b[0]);
};
