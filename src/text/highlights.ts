import type { Range } from './graphemes.ts';
import { foldWithMap } from './normalize.ts';
import { tokenizeFolded } from './tokens.ts';

/** Ranges in order, those that overlap or touch joined. */
export const mergeRanges = (ranges: readonly Range[]): Range[] => {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
};

/**
 * Where the tokens of a query stand in a text, by the tokenizer that matched them.
 *
 * @param tokens folded keyword tokens, as `keywordTokens` gives them
 * @returns ranges of the original text, UTF-16 units, sorted, disjoint, on grapheme boundaries
 */
export const highlightRanges = (text: string, tokens: ReadonlySet<string>): Range[] => {
  if (tokens.size === 0) return [];
  const folded = foldWithMap(text);
  const found = tokenizeFolded(folded.text).flatMap(({ text: token, start, end }) => {
    const range = tokens.has(token) ? folded.toOriginal([start, end], 'widen') : null;
    return range ? [range] : [];
  });
  return mergeRanges(found);
};
