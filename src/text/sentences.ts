import type { Range } from './graphemes.ts';

const sentenceBreaks = new Intl.Segmenter('ja', { granularity: 'sentence' });

/** Abbreviations after which a full stop ends no sentence, and initials. */
const abbreviation =
  /(?:^|[\s(（「"'])(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|cf|no|fig|vol|jr|sr|inc|ltd|co|approx|[a-z])\.\s*$/i;
/** A closed quotation that its sentence goes on after: 「…。」と言った. */
const quotationGoesOn = /^[とのなだにをがはもでへや、，]/;
const closedQuotation = /[」』）)】〉》]$/;
/** Opening brackets that ICU leaves at the end of the sentence before. */
const openedAtEnd = /[（(「『【〈《“‘[]+$/;
/** A newline that only wraps a line: between two lines of a text with spaces, neither of them a list item. */
const wrapsAfter = /[^\s。．！？!?:：\u3040-\u30ff\u3400-\u9fff][ \t]*\r?\n$/u;
const wrapsBefore = /^[ \t]*[\p{Ll}\p{N}"'(]/u;
const listItem = /^[ \t]*(?:[-*•・]|\d+[.)])\s/;

const goesOn = (before: string, after: string): boolean => {
  if (/\n[ \t\r]*\n$/.test(before)) return false;
  if (wrapsAfter.test(before)) return wrapsBefore.test(after) && !listItem.test(after);
  if (/[\r\n\u2028\u2029]$/.test(before)) return false;
  return abbreviation.test(before.slice(-12)) || (closedQuotation.test(before) && quotationGoesOn.test(after));
};

/**
 * The sentences of a Japanese or English text, as ranges that follow each other without a gap and cover it whole
 * (white space belongs to the sentence before it). Found by ICU, then joined where ICU cuts too early. A text without
 * newlines is cut as well as one with them.
 */
export const sentenceRanges = (text: string): Range[] => {
  const ranges: Range[] = [];
  let start = 0;
  for (const { index, segment } of sentenceBreaks.segment(text)) {
    const end = index + segment.length - (openedAtEnd.exec(segment)?.[0].length ?? 0);
    const last = ranges.at(-1);
    if (last && goesOn(text.slice(Math.max(last[0], last[1] - 200), last[1]), text.slice(last[1], end))) {
      ranges[ranges.length - 1] = [last[0], end];
    } else if (end > start) ranges.push([start, end]);
    start = end;
  }
  if (start < text.length) ranges.push([start, text.length]);
  return ranges;
};
