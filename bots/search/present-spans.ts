import type { KnownBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import type { Texts } from '../../src/i18n/texts.ts';
import type { SearchResult, SpanMatch } from '../../src/search/result.ts';
import { spanWeight } from '../../src/search/span-weight.ts';
import { context, marked, paragraph, richText, section } from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { mergeRanges } from '../../src/text/highlights.ts';
import { excerptOf } from './excerpt.ts';

/** A message up to this long is shown whole with its spans marked; of a longer one only the spans are. */
const wholeUpTo = 600;
const spansShown = 5;
const documentsShown = 3;
const spanLength = 160;

/** ① … ⑤ */
const numeral = (index: number): string => String.fromCodePoint(0x2460 + index);

const characters = (text: string): number => Array.from(text).length;

/** The longest spans that don't overlap, in the order of the text. */
const chooseSpans = (spans: readonly SpanMatch[]): SpanMatch[] => {
  const chosen: SpanMatch[] = [];
  for (const span of spans.toSorted((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)) {
    if (chosen.every(({ start, end }) => span.end <= start || span.start >= end)) chosen.push(span);
  }
  return chosen.toSorted((a, b) => a.start - b.start);
};

const bold = (text: string): RichTextElement => ({ type: 'text', text, style: { bold: true } });

const wholeText = (text: string, spans: readonly SpanMatch[]): RichTextElement[] => {
  let from = 0;
  const elements: RichTextElement[] = [];
  for (const [index, { start, end }] of spans.entries()) {
    elements.push(...marked(text.slice(from, start), []), bold(`${numeral(index)}${text.slice(start, end)}`));
    from = end;
  }
  return [...elements, ...marked(text.slice(from), [])];
};

const spanLines = (spans: readonly SpanMatch[]): RichTextBlockElement[] =>
  spans.map(({ text }, index) => paragraph([bold(`${numeral(index)}${excerptOf(text, [], spanLength).text}`)]));

const placesOf = ({ documents, documentCount, count }: SpanMatch, { search }: Texts): string => {
  const named = documents
    .slice(0, documentsShown)
    .map(({ source, title }) =>
      title === null ? inlineText(source, 60) : `${inlineText(source, 60)} (${inlineText(title, 60)})`,
    );
  const left = documentCount - named.length;
  return [
    search.spanPlaces({ documents: documentCount, times: count }),
    [...named, ...(left > 0 && named.length > 0 ? [search.moreDocuments(left)] : [])].join(', '),
  ]
    .filter(Boolean)
    .join('  ');
};

/** Characters of a text that lie in spans, and all of them (at least 1). */
export const coverage = (spans: readonly SpanMatch[], text: string): { covered: number; total: number } => ({
  covered: mergeRanges(spans.map(({ start, end }) => [start, end])).reduce(
    (sum, [start, end]) => sum + characters(text.slice(start, end)),
    0,
  ),
  total: Math.max(1, characters(text)),
});

/** What of the message stands word for word in the corpus. */
export const presentSpans = ({ spans, text, minimumSpan, model }: SearchResult, texts: Texts): KnownBlock[] => {
  const { search } = texts;
  const title = `*${search.spansTitle}*   `;
  const chosen = chooseSpans(spans);
  if (chosen.length === 0) return [section(`${title}${search.noSpans(minimumSpan)}`)];

  const { covered, total } = coverage(spans, text);
  const share = search.spanShare({ own: model !== null, share: covered / total, covered, total });
  const shown = chosen
    .toSorted((a, b) => spanWeight(b) - spanWeight(a))
    .slice(0, spansShown)
    .toSorted((a, b) => a.start - b.start);
  const legend = shown.map((span, index) => `${numeral(index)} ${placesOf(span, texts)}`);
  const left = chosen.length - shown.length;
  const elements = text.length <= wholeUpTo ? [paragraph(wholeText(text.toWellFormed(), shown))] : spanLines(shown);
  return [
    section(`${title}${share}`),
    richText(...elements),
    ...[...legend, ...(left > 0 ? [search.moreSpans(left)] : [])].map((line) => context(line)),
  ];
};
