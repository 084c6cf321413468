import type { Range } from './graphemes.ts';
import { foldWithMap } from './normalize.ts';
import { type Token, tokenizeFolded, wordsOfFolded } from './tokens.ts';

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

/** Words that only hold a sentence together: a reader learns nothing from their being marked. */
const joining =
  /^(?:という|といった|として|とともに|について|における|によって|により|による|に対して|ところ|ために|ながら|しかし|または|および|さらに|これら|それら|このよう|そのよう|どのよう|なぜ|どうして|ですから|だから|ことが|ことを|ものが|では|である|でした|ました|ません|an|and|are|as|at|be|by|do|does|for|from|how|if|in|is|it|its|of|on|or|that|the|this|to|was|were|what|when|where|which|who|why|with)$/;
/** Parts of words written in these say something by themselves. */
const ideographs = /^[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆]+$/u;

/**
 * Where what a reader would call a word of the query stands in a text: whole words that are among the tokens, parts of
 * words in kanji (地震 in 大地震), and words whose every character pair is (ICU cuts them otherwise in the query).
 * Pairs that only straddle two words (は地, ズが) matched too, but say nothing to a reader.
 *
 * @param tokens folded keyword tokens, as `keywordTokens` gives them
 * @returns ranges of the original text, UTF-16 units, sorted, disjoint, on grapheme boundaries
 */
export const highlightRanges = (text: string, tokens: ReadonlySet<string>): Range[] => {
  if (tokens.size === 0) return [];
  const folded = foldWithMap(text);
  const matched = tokenizeFolded(folded.text).filter((token) => tokens.has(token.text));
  const covered = new Uint8Array(folded.text.length);
  for (const { start, end } of matched) covered.fill(1, start, end);
  const words = wordsOfFolded(folded.text).filter(
    (word) => !joining.test(word.text) && covered.subarray(word.start, word.end).every((unit) => unit === 1),
  );
  const isWhole = ({ text: word, start, end }: Token): boolean =>
    tokens.has(word) || matched.some((token) => token.start >= start && token.end <= end);
  const parts = matched.filter((token) => ideographs.test(token.text));
  return mergeRanges(
    [...words.filter(isWhole), ...parts].flatMap(({ start, end }) => {
      const range = folded.toOriginal([start, end], 'widen');
      return range ? [range] : [];
    }),
  );
};
