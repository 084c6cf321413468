const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' });

/** UTF-16 units, end exclusive. */
export type Range = readonly [start: number, end: number];

/** The graphemes of a text as ranges, in order. Lone surrogates count as one each. */
export function* graphemeRanges(text: string): Generator<Range> {
  for (const { index, segment } of graphemes.segment(text)) yield [index, index + segment.length];
}

/** Start and end of the grapheme that holds unit `index`; both `index` at or past the end of the text. */
const graphemeAt = (segments: Intl.Segments, index: number): Range => {
  const found = segments.containing(index);
  return found ? [found.index, found.index + found.segment.length] : [index, index];
};

/** Characters that are a grapheme each, whatever plain one stands beside them. */
const plain = /^[\n 0-9A-Za-z、。々〆ぁ-ゖァ-ヺー\u3400-\u4dbf\u4e00-\u9fff]{2}$/;

/** Whether a boundary is plain to see; asking ICU costs a copy of the text. */
const isPlainBoundary = (text: string, index: number): boolean =>
  index === 0 || index === text.length || plain.test(text.slice(index - 1, index + 1));

/**
 * Moves the ends of a range to grapheme boundaries.
 *
 * @param edge `widen`: outwards, so that every grapheme touched is inside; `narrow`: inwards, so that only whole ones are
 * @returns null when nothing is left
 */
export const snapToGraphemes = (text: string, [start, end]: Range, edge: 'widen' | 'narrow'): Range | null => {
  if (start >= end) return null;
  if (end <= text.length && isPlainBoundary(text, start) && isPlainBoundary(text, end)) return [start, end];
  const segments = graphemes.segment(text);
  const [firstStart, firstEnd] = graphemeAt(segments, start);
  const [lastStart, lastEnd] = graphemeAt(segments, end - 1);
  const from = edge === 'widen' || firstStart === start ? firstStart : firstEnd;
  const to = edge === 'widen' || lastEnd === end ? lastEnd : lastStart;
  return from < to ? [from, to] : null;
};

/** The greatest grapheme boundary ≤ `index` that is > `after`; when there is none, the least one > `after`. */
export const graphemeBoundary = (text: string, index: number, after: number): number => {
  if (index >= text.length) return text.length;
  const [start, end] = graphemeAt(graphemes.segment(text), index);
  return start > after ? start : end;
};
