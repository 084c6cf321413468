import type { ActionsBlockElement, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { Texts } from '../../src/i18n/texts.ts';
import type { Hit, SearchResult } from '../../src/search/result.ts';
import {
  actions,
  button,
  context,
  marked,
  paragraph,
  plain,
  quote,
  richText,
  section,
} from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { graphemeBoundary, type Range } from '../../src/text/graphemes.ts';
import { mergeRanges } from '../../src/text/highlights.ts';
import { actionIds, hitValue } from './actions.ts';
import { engineLine } from './engine-line.ts';
import { modal } from './modal.ts';
import type { ContextRange, PassageSurroundings } from './ports.ts';
import { hitHeading, shortTitle } from './present-hit.ts';
import type { ViewState } from './view-state.ts';

/** Characters shown of a document at most, either side of the passage: a view may have 250 KB. */
const mostAround = 12_000;
/** Characters a rich text block holds here; Slack documents no limit. */
const blockLength = 2_500;

const ranges = ['100', '250', 'document'] as const;

/** The ranges as they stand in a piece of the text that begins at `from` and ends at `to`. */
const within = (marks: readonly Range[], from: number, to: number): Range[] =>
  marks.flatMap(([start, end]): Range[] =>
    start < to && end > from ? [[Math.max(start, from) - from, Math.min(end, to) - from]] : [],
  );

/** A stretch of the document in blocks of bearable length, cut between graphemes. */
const around = (text: string, [from, to]: Range, marks: readonly Range[]): KnownBlock[] => {
  const blocks: KnownBlock[] = [];
  for (let start = from; start < to; ) {
    const end = Math.min(to, graphemeBoundary(text, start + blockLength, start));
    const piece = text.slice(start, end);
    if (piece.trim() !== '') blocks.push(richText(paragraph(marked(piece, within(marks, start, end)))));
    start = end;
  }
  return blocks;
};

const passageBlocks = (text: string, marks: readonly Range[]): KnownBlock[] =>
  text.trim() === '' ? [] : [richText(quote(marked(text, marks)))];

const ellipsis = (cut: boolean): KnownBlock[] => (cut ? [richText(paragraph(marked('…', [])))] : []);

/** The list of a result that a hit stands in: the training texts' or the tuning data's. */
export type FoundList = Pick<SearchResult, 'hits' | 'spans'>;

/** The passage as a quotation in the middle of what stands before and after it. */
const body = (hit: Hit, found: PassageSurroundings | null, { modals }: Texts): KnownBlock[] => {
  if (found === null) return [...passageBlocks(hit.text, hit.highlights), context(modals.context.gone)];
  const {
    text,
    passage: [start, end],
    offset,
    documentLength,
  } = found;
  const from = start > mostAround ? graphemeBoundary(text, start - mostAround, -1) : 0;
  const to = text.length - end > mostAround ? graphemeBoundary(text, end + mostAround, end) : text.length;
  const passage = text.slice(start, end);
  // What the search had found is marked only where the passage is still what it was.
  const highlights = passage === hit.text ? hit.highlights.map(([a, b]): Range => [a + start, b + start]) : [];
  const marks = mergeRanges([...found.spans, ...highlights]);
  return [
    ...ellipsis(from + offset > 0),
    ...around(text, [from, start], marks),
    ...passageBlocks(passage, within(marks, start, end)),
    ...around(text, [end, to], marks),
    ...ellipsis(offset + to < documentLength),
    ...(from > 0 || to < text.length ? [context(modals.context.cut)] : []),
  ];
};

const controls = (state: ViewState, list: FoundList, rank: number, { modals }: Texts): ActionsBlockElement[] => {
  const options = ranges.map((range): PlainTextOption => ({ text: plain(modals.context.ranges[range]), value: range }));
  const step = (label: string, actionId: string, to: number): ActionsBlockElement[] =>
    list.hits.some((hit) => hit.rank === to)
      ? [button(label, actionId, hitValue({ searchId: state.searchId, list: state.list, rank: to }))]
      : [];
  const chosen = options[ranges.indexOf(`${state.range}`)];
  return [
    {
      type: 'static_select',
      action_id: actionIds.contextRange,
      placeholder: plain(modals.context.rangeLabel),
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
    ...step(modals.previous, actionIds.contextPrevious, rank - 1),
    ...step(modals.next, actionIds.contextNext, rank + 1),
    ...(state.page === null ? [] : [button(modals.context.backToList, actionIds.contextBack, String(state.page))]),
  ];
};

/** What somebody writes who quotes the passage: one line a fact. */
const reference = (hit: Hit, { run }: SearchResult): string =>
  [engineLine(hit), `${shortTitle(hit)} (${hit.documentId})`, run === null ? null : `Run: ${run.name}`, hit.url]
    .filter((line) => line !== null)
    .join('\n')
    .toWellFormed();

/** "See in context": the passage in its document, and the way to the hits before and after it. */
export const presentContext = (
  hit: Hit,
  { result, list, found }: { result: SearchResult; list: FoundList; found: PassageSurroundings | null },
  state: ViewState,
  texts: Texts,
): ModalView => {
  const { modals } = texts;
  return modal(
    modals.context.title,
    [
      section(hitHeading(hit, texts)),
      context(inlineText(modals.context.document(hit.documentId), 200)),
      // A new block id for each hit and range: Slack keeps a select's old choice under an old one.
      actions(`context-${hit.rank}-${state.range}`, controls(state, list, hit.rank, texts)),
      ...body(hit, found, texts),
      context(modals.context.reference),
      richText({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: reference(hit, result) }] }),
    ],
    { ...state, rank: hit.rank },
    texts,
  );
};

export const readRange = (value: string | undefined): ContextRange =>
  value === 'document' ? value : value === '250' ? 250 : 100;
