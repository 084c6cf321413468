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

/** Text in blocks of bearable length, cut between graphemes. */
const pieces = (text: string): string[] => {
  const found: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = graphemeBoundary(text, from + blockLength, from);
    found.push(text.slice(from, to));
    from = to;
  }
  return found.filter((piece) => piece.trim() !== '');
};

const around = (text: string): KnownBlock[] => pieces(text).map((piece) => richText(paragraph(marked(piece, []))));

const passageBlocks = (text: string, highlights: readonly Range[]): KnownBlock[] =>
  text.trim() === '' ? [] : [richText(quote(marked(text, highlights)))];

/** The passage as a quotation in the middle of what stands before and after it. */
const body = ({ text, highlights }: Hit, found: PassageSurroundings | null, { modals }: Texts): KnownBlock[] => {
  if (found === null) return [...passageBlocks(text, highlights), context(modals.context.gone)];
  const [start, end] = found.passage;
  const from = start > mostAround ? graphemeBoundary(found.text, start - mostAround, -1) : 0;
  const to =
    found.text.length - end > mostAround ? graphemeBoundary(found.text, end + mostAround, end) : found.text.length;
  const before = `${from + found.offset > 0 ? '…' : ''}${found.text.slice(from, start)}`;
  const after = `${found.text.slice(end, to)}${found.offset + to < found.documentLength ? '…' : ''}`;
  const passage = found.text.slice(start, end);
  return [
    ...around(before),
    // What was found is marked only where the passage is still what it was.
    ...passageBlocks(passage, passage === text ? highlights : []),
    ...around(after),
    ...(from > 0 || to < found.text.length ? [context(modals.context.cut)] : []),
  ];
};

const controls = (state: ViewState, result: SearchResult, rank: number, { modals }: Texts): ActionsBlockElement[] => {
  const options = ranges.map((range): PlainTextOption => ({ text: plain(modals.context.ranges[range]), value: range }));
  const step = (label: string, actionId: string, to: number): ActionsBlockElement[] =>
    result.hits.some((hit) => hit.rank === to)
      ? [button(label, actionId, hitValue({ searchId: state.searchId, rank: to }))]
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
  result: SearchResult,
  found: PassageSurroundings | null,
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
      actions(`context-${hit.rank}-${state.range}`, controls(state, result, hit.rank, texts)),
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
