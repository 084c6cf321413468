import type { Range } from './graphemes.ts';
import { foldWithMap } from './normalize.ts';
import { pairsOfFolded, wordsTouching } from './tokens.ts';

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
/** No word goes over one of these, so that a text can be looked at clause by clause. */
const clause = /[^。、！？!?\n]*[。、！？!?\n]*/g;

/** Finds in a text what a reader would call words of the query. */
export type Highlighter = (text: string) => Range[];

/**
 * Makes a finder of: whole words that are among the tokens, parts of words in kanji (地震 in 大地震), and words whose
 * every character pair is (ICU cuts them otherwise in the query). Pairs that only straddle two words (は地, ズが)
 * matched too, but say nothing to a reader. Ranges are of the original text, UTF-16 units, sorted, disjoint, on grapheme
 * boundaries.
 *
 * @param tokens folded keyword tokens, as `keywordTokens` gives them
 */
export const createHighlighter = (tokens: Iterable<string>): Highlighter => {
  const wanted = new Set([...tokens].filter((token) => token !== '' && !joining.test(token)));
  if (wanted.size === 0) return () => [];
  // Cutting into words is what takes time: most clauses hold none of the tokens, and most words touch none.
  const any = new RegExp([...wanted].map((token) => RegExp.escape(token)).join('|'), 'gu');

  const inClause = (part: string): Range[] => {
    const touched = Array.from(part.matchAll(any), ({ 0: { length }, index }): Range => [index, index + length]);
    if (touched.length === 0) return [];
    const pairs = pairsOfFolded(part).filter(({ text }) => wanted.has(text));
    const words = wordsTouching(part, touched).filter(({ text, start, end }) => {
      if (wanted.has(text)) return true;
      if (joining.test(text)) return false;
      let covered = start;
      for (const pair of pairs) {
        if (pair.start >= start && pair.start <= covered && pair.end <= end) covered = Math.max(covered, pair.end);
      }
      return covered >= end;
    });
    return [...words, ...pairs.filter(({ text }) => ideographs.test(text))].map(({ start, end }) => [start, end]);
  };

  return (text) => {
    const folded = foldWithMap(text);
    const found: Range[] = [];
    for (const { 0: part, index } of folded.text.matchAll(clause)) {
      for (const [start, end] of mergeRanges(inClause(part))) {
        const range = folded.toOriginal([index + start, index + end], 'widen');
        if (range) found.push(range);
      }
    }
    return mergeRanges(found);
  };
};
