import { graphemeBoundary, type Range } from '../text/graphemes.ts';
import { sentenceRanges } from '../text/sentences.ts';
import { type DocumentRef, type Passage, passageId } from './document.ts';

export interface ChunkOptions {
  /** Longest passage, in UTF-16 units; only a single grapheme may be longer. */
  readonly maximum?: number;
}

const defaultMaximum = 400;

/** Goes into an index's fingerprint: whoever changes where passages are cut raises it. */
export const chunkerVersion = `sentences-1/${defaultMaximum}`;

/** Places to cut a sentence that is too long itself, best first: after a clause, at a space. */
const softCuts = [/[、，；：;:,]["'」』）)]*\s*/gu, /\s+/gu];

/** Where to cut the text from `start` so that the piece is at most `maximum` long: the last good place in its last half. */
const cutWithin = (text: string, start: number, maximum: number): number => {
  const piece = text.slice(start, start + maximum);
  for (const pattern of softCuts) {
    const cut = [...piece.matchAll(pattern)]
      .map((match) => match.index + match[0].length)
      .findLast((end) => end > maximum / 2);
    if (cut !== undefined) return graphemeBoundary(text, start + cut, start);
  }
  return graphemeBoundary(text, start + maximum, start);
};

/** Sentences, those longer than `maximum` cut further; they cover the text without a gap. */
const units = (text: string, maximum: number): Range[] =>
  sentenceRanges(text).flatMap(([start, end]) => {
    const parts: Range[] = [];
    let from = start;
    while (end - from > maximum) {
      const cut = Math.min(cutWithin(text, from, maximum), end);
      parts.push([from, cut]);
      from = cut;
    }
    if (from < end) parts.push([from, end]);
    return parts;
  });

const pack = (parts: readonly Range[], limit: number): Range[] => {
  const packed: [number, number][] = [];
  for (const [start, end] of parts) {
    const last = packed.at(-1);
    if (last && end - last[0] <= limit) last[1] = end;
    else packed.push([start, end]);
  }
  return packed;
};

/** The least limit that needs no more passages than `maximum` does: the last one is then no leftover of one sentence. */
const packEvenly = (parts: readonly Range[], maximum: number): Range[] => {
  const widest = pack(parts, maximum);
  let low = Math.floor(maximum / 2);
  let high = maximum;
  while (low < high) {
    const limit = (low + high) >>> 1;
    if (pack(parts, limit).length > widest.length) low = limit + 1;
    else high = limit;
  }
  return high === maximum ? widest : pack(parts, high);
};

const trim = (text: string, [start, end]: Range): Range => {
  const piece = text.slice(start, end);
  return [start + piece.length - piece.trimStart().length, start + piece.trimEnd().length];
};

/**
 * Cuts a document into passages: whole sentences, as even as they come, at most `maximum` UTF-16 units (400). In
 * order, without overlap; what lies between two passages is white space only; no cut splits a grapheme.
 */
export const chunk = (
  document: DocumentRef & { readonly text: string },
  { maximum = defaultMaximum }: ChunkOptions = {},
): Passage[] =>
  packEvenly(units(document.text, maximum), maximum).flatMap((range) => {
    const [start, end] = trim(document.text, range);
    if (start >= end) return [];
    return [{ id: passageId(document, start, end), start, end, text: document.text.slice(start, end) }];
  });
