import { type SpanSegment, separator } from './span-file.ts';

/** A segment asked with one text: its units as the segment's codes. */
export interface SuffixSearch {
  /** Units at `position` that stand in the segment, at a place that is wanted; 0 when fewer than `needed`. */
  longestAt(position: number, needed: number): number;
  /** The suffixes that begin with the whole text, as a range of the array. */
  range(): [from: number, to: number];
  documentAt(place: number): number;
}

const documentAt = (starts: Uint32Array, place: number): number => {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

/**
 * Binary search over a suffix array (Manber and Myers, 1993): what both ends of the range share with the text isn't
 * compared again.
 *
 * @param wanted whether a document counts; null: all do
 */
export const createSuffixSearch = (
  { units, unitAt, suffixAt, codeOf, starts }: SpanSegment,
  text: string,
  wanted: ((document: number) => boolean) | null,
): SuffixSearch => {
  const codes = new Uint16Array(text.length);
  for (let index = 0; index < text.length; index++) codes[index] = codeOf[text.charCodeAt(index)]!;

  const agree = (position: number, place: number, from: number): number => {
    let count = from;
    while (position + count < codes.length && place + count < units) {
      const code = codes[position + count]!;
      if (code === separator || unitAt(place + count) !== code) break;
      count++;
    }
    return count;
  };

  /** First suffix not less than the text from `position`, and what its neighbours share with it. */
  const locate = (position: number) => {
    let low = 0;
    let high = units;
    let before = 0;
    let after = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const place = suffixAt(middle);
      const count = agree(position, place, Math.min(before, after));
      const isLess =
        position + count < codes.length && (place + count >= units || unitAt(place + count) < codes[position + count]!);
      if (isLess) {
        low = middle + 1;
        before = count;
      } else {
        high = middle;
        after = count;
      }
    }
    return { at: low, before, after };
  };

  /** The first wanted suffix from `at` on in one direction that shares enough: further on they only share less. */
  const towards = (position: number, at: number, step: 1 | -1, needed: number): number => {
    for (let index = at; index >= 0 && index < units; index += step) {
      const place = suffixAt(index);
      const count = agree(position, place, 0);
      if (count < needed) return 0;
      if (wanted?.(documentAt(starts, place)) ?? true) return count;
    }
    return 0;
  };

  return {
    longestAt: (position, needed) => {
      if (position + needed > codes.length) return 0;
      const { at, before, after } = locate(position);
      if (Math.max(before, after) < needed) return 0;
      if (wanted === null) return Math.max(before, after);
      return Math.max(towards(position, at - 1, -1, needed), towards(position, at, 1, needed));
    },
    range: () => {
      const { at, after } = locate(0);
      if (codes.length === 0 || after < codes.length) return [0, 0];
      let low = at;
      let high = units;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (agree(0, suffixAt(middle), 0) === codes.length) low = middle + 1;
        else high = middle;
      }
      return [at, low];
    },
    documentAt: (place) => documentAt(starts, place),
  };
};
