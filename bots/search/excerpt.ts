import { graphemeBoundary, type Range } from '../../src/text/graphemes.ts';
import { sentenceRanges } from '../../src/text/sentences.ts';

export interface Excerpt {
  readonly text: string;
  /** [start, end) in `text`; sorted, disjoint, none empty. */
  readonly highlights: readonly Range[];
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g;

/**
 * How many characters of this text fill as much of the screen as `columns` narrow ones: a Japanese character is two
 * columns wide.
 */
export const charactersFor = (text: string, columns: number): number => {
  const share = (text.match(wide)?.length ?? 0) / Math.max(1, text.length);
  return Math.round(columns / (1 + share));
};

/** Characters shown before a match that stands in a long sentence. */
const leadIn = 24;
/** A cut moves back to a space within this many characters, so that words stay whole. */
const wordSlack = 16;

/** The start that has most of the matches behind it, within `most` characters. */
const bestStart = (highlights: readonly Range[], most: number): number => {
  let best = { start: 0, covered: -1 };
  for (const [index, [start]] of highlights.entries()) {
    let covered = 0;
    for (const [from, to] of highlights.slice(index)) {
      if (from >= start + most) break;
      covered += Math.min(to, start + most) - from;
    }
    if (covered > best.covered) best = { start, covered };
  }
  return best.start;
};

const windowOf = (text: string, highlights: readonly Range[], most: number): Range => {
  if (text.length <= most) return [0, text.length];
  const match = bestStart(highlights, most - leadIn);
  const sentences = sentenceRanges(text);
  const sentence = sentences.findLast(([start]) => start <= match)?.[0] ?? 0;
  let from = sentence;
  if (match - sentence > most / 3) {
    from = graphemeBoundary(text, Math.max(0, match - leadIn), -1);
    const space = text.slice(from, from + wordSlack).search(/\s/);
    if (space >= 0 && from + space < match) from += space + 1;
  }
  // Near the end of the text there is room before the match instead.
  if (text.length - from < most) {
    const earlier = sentences.find(([start]) => text.length - start <= most);
    if (earlier && earlier[0] < from) from = earlier[0];
  }
  if (text.length - from <= most) return [from, text.length];

  const sentenceEnd = sentences.findLast(([, end]) => end <= from + most)?.[1] ?? 0;
  if (sentenceEnd > from + most * 0.6 && sentenceEnd > match) return [from, sentenceEnd];
  const cut = graphemeBoundary(text, from + most, from);
  const space = text.slice(cut - wordSlack, cut).search(/\s\S*$/);
  return [from, space > 0 ? cut - wordSlack + space : cut];
};

/**
 * A part of a passage that a person reads at a glance: around the matches, cut at sentences or words where it can, on
 * one line, with `…` where something is left out.
 *
 * @param highlights [start, end) in UTF-16 units of `text`; sorted, disjoint
 * @param most characters kept at most, without the `…` (a single grapheme longer than that is kept whole)
 */
export const excerptOf = (text: string, highlights: readonly Range[], most: number): Excerpt => {
  const [from, to] = windowOf(text, highlights, most);
  let line = from > 0 ? '…' : '';
  const start = line.length;
  /** Where unit `from + i` of the text stands in the line. */
  const places = new Array<number>(to - from + 1);
  for (let index = from; index < to; index += 1) {
    places[index - from] = line.length;
    const unit = text.charAt(index);
    if (!/[\s\p{Cc}]/u.test(unit)) line += unit;
    else if (line.length > start && !line.endsWith(' ')) line += ' ';
  }
  places[to - from] = line.length;
  const marks = highlights.flatMap(([begin, end]): Range[] => {
    const first = places[Math.max(begin, from) - from];
    const last = places[Math.min(end, to) - from];
    return first !== undefined && last !== undefined && first < last ? [[first, last]] : [];
  });
  return {
    text: `${line.trimEnd()}${to < text.length ? '…' : ''}`.toWellFormed(),
    highlights: clipTo(marks, line.trimEnd().length),
  };
};

const clipTo = (ranges: readonly Range[], length: number): Range[] =>
  ranges.map(([start, end]): Range => [start, Math.min(end, length)]).filter(([start, end]) => start < end);
