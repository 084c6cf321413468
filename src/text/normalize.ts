import { graphemeRanges, type Range, snapToGraphemes } from './graphemes.ts';

/** Goes into an index's fingerprint: whoever changes what `fold`, the tokens or the sentences give raises it. */
export const textVersion = 'intlbistop-1';

/** Whether a unit is its own folded form, whatever stands beside it: those of which most Japanese texts are made. */
const isPlain = (unit: number): boolean =>
  unit < 0x80
    ? unit < 0x41 || unit > 0x5a
    : (unit >= 0x4e00 && unit <= 0x9fff) ||
      (unit >= 0x3041 && unit <= 0x3096) ||
      (unit >= 0x30a1 && unit <= 0x30fc) ||
      (unit >= 0x3001 && unit <= 0x3011);

/**
 * The form in which texts are compared: NFKC, lower case. Lone surrogates become U+FFFD (one unit each, so that
 * offsets stay), and Σ becomes σ everywhere: lower case then depends on no neighbour, and a part folds as in its whole.
 */
export const fold = (text: string): string => {
  let index = 0;
  // A mark that would compose with the unit before it is not plain itself: plain units stay as they are.
  while (index < text.length && isPlain(text.charCodeAt(index))) index++;
  if (index === text.length) return text;
  return text.toWellFormed().normalize('NFKC').replaceAll('Σ', 'σ').toLowerCase();
};

/** A folded text that knows where its characters came from. */
export interface FoldedText {
  /** `fold(original)`. */
  readonly text: string;
  /**
   * A range of the folded text as a range of the original, in UTF-16 units, on grapheme boundaries.
   *
   * @param edge `widen`: all that the range touches; `narrow`: only what lies in it whole
   * @returns null when nothing is left
   */
  toOriginal(range: Range, edge: 'widen' | 'narrow'): Range | null;
}

/** Stretches of the original that fold independently of each other: their folded forms, joined, are the whole's. */
const foldedPieces = (original: string, whole: string): { start: number; end: number; text: string }[] => {
  const pieces: { start: number; end: number; text: string }[] = [];
  for (const [start, end] of graphemeRanges(original)) {
    const text = fold(original.slice(start, end));
    const last = pieces.at(-1);
    // Some graphemes still compose with the next (half-width Hangul): those stay together.
    if (last && fold(last.text + text) !== last.text + text) {
      last.end = end;
      last.text = fold(original.slice(last.start, end));
    } else pieces.push({ start, end, text });
  }
  const joined = pieces.map(({ text }) => text).join('');
  return joined === whole ? pieces : [{ start: 0, end: original.length, text: whole }];
};

/** Whether every unit folds to one unit, whatever stands beside it: then nothing has moved. */
const foldsUnitByUnit = (original: string, folded: string): boolean => {
  if (folded === original) return true;
  if (folded.length !== original.length) return false;
  const seen = new Map<string, string>();
  for (let index = 0; index < folded.length; index++) {
    const [from, to] = [original[index]!, folded[index]!];
    if (from === to) continue;
    const known = seen.get(from) ?? fold(from);
    seen.set(from, known);
    if (known !== to) return false;
  }
  return true;
};

/** `fold` with the way back. */
export const foldWithMap = (original: string): FoldedText => {
  const text = fold(original);
  const wellFormed = original.toWellFormed();
  if (foldsUnitByUnit(wellFormed, text)) {
    return { text, toOriginal: (range, edge) => snapToGraphemes(wellFormed, range, edge) };
  }
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  let at = 0;
  for (const piece of foldedPieces(wellFormed, text)) {
    starts.fill(piece.start, at, at + piece.text.length);
    ends.fill(piece.end, at, at + piece.text.length);
    at += piece.text.length;
  }
  const begins = (unit: number): boolean => unit === 0 || starts[unit] !== starts[unit - 1];
  return {
    text,
    toOriginal: ([start, end], edge) => {
      let from = start;
      let to = end;
      if (edge === 'narrow') {
        while (from < to && !begins(from)) from++;
        while (to > from && to < text.length && !begins(to)) to--;
      }
      return from < to ? snapToGraphemes(wellFormed, [starts[from]!, ends[to - 1]!], edge) : null;
    },
  };
};
