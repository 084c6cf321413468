import type { Range } from './graphemes.ts';
import { foldWithMap } from './normalize.ts';
import { pairsAmong, type Token, wordsAmong, wordsTouching } from './tokens.ts';

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
  const isPair = (token: string): boolean => token.length === 2;
  const anyOf = (list: readonly string[]) => list.length > 0 && new RegExp(list.map(RegExp.escape).join('|'), 'gu');
  const touchedBy = (pattern: RegExp | false, text: string): Range[] =>
    pattern ? Array.from(text.matchAll(pattern), ({ 0: { length }, index }): Range => [index, index + length]) : [];
  const any = anyOf([...wanted]);
  // Cutting into words is what takes time. A pair of ideographs is marked whatever word it stands in, and a pair that is no
  // word is marked only as a part of one that other pairs cover with it.
  const wordPairs = wordsAmong([...wanted].filter((token) => isPair(token) && !ideographs.test(token)));
  const words = anyOf([...wanted].filter((token) => !isPair(token) || wordPairs.has(token)));

  /** Where pairs stand side by side, not all of them marked anyway. */
  const covered = (pairs: readonly Token[]): Range[] => {
    const found: Range[] = [];
    for (let from = 0; from < pairs.length; ) {
      let [to, end] = [from + 1, pairs[from]!.end];
      for (; to < pairs.length && pairs[to]!.start <= end; to++) end = Math.max(end, pairs[to]!.end);
      const group = pairs.slice(from, to);
      if (group.length > 1 && !group.every(({ text }) => ideographs.test(text))) found.push([pairs[from]!.start, end]);
      from = to;
    }
    return found;
  };

  return (text) => {
    const folded = foldWithMap(text);
    const pairs = pairsAmong(wanted, folded.text, touchedBy(any, folded.text));
    const touched = mergeRanges([...touchedBy(words, folded.text), ...covered(pairs)]);
    let next = 0;
    const whole = wordsTouching(folded.text, touched).filter(({ text, start, end }) => {
      if (wanted.has(text)) return true;
      if (joining.test(text)) return false;
      while (next < pairs.length && pairs[next]!.start < start) next++;
      let reached = start;
      for (let index = next; index < pairs.length && pairs[index]!.start <= reached; index++) {
        if (pairs[index]!.end <= end) reached = Math.max(reached, pairs[index]!.end);
      }
      return reached >= end;
    });
    const found = [...whole, ...pairs.filter(({ text }) => ideographs.test(text))];
    return mergeRanges(
      mergeRanges(found.map(({ start, end }) => [start, end])).flatMap((range) => {
        const original = folded.toOriginal(range, 'widen');
        return original ? [original] : [];
      }),
    );
  };
};
