import type { Button, KnownBlock } from '@slack/types';
import type { Texts } from '../../src/i18n/texts.ts';
import type { Hit, Reading } from '../../src/search/result.ts';
import { actions, button, marked, quote, richText, section } from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { hostLink } from '../../src/slack/link.ts';
import { actionIds, type HitReference, hitValue } from './actions.ts';
import { engineLine } from './engine-line.ts';
import { charactersFor, excerptOf } from './excerpt.ts';

/** Which controls work here; one that does not is not shown. */
export interface HitControls {
  readonly context: boolean;
  readonly readings: boolean;
}

/** About three lines on a desktop. */
const excerptColumns = 240;
const titleLength = 120;

export const shortTitle = ({ title, documentId }: Pick<Hit, 'title' | 'documentId'>): string => {
  const { text } = excerptOf(title ?? documentId, [], titleLength);
  return text || documentId.slice(0, titleLength);
};

/** When the run read the document, in words. */
const readingLine = (reading: Reading, { search }: Texts): string => {
  if (reading.state === 'unknown') return search.readingUnknown;
  if (reading.state === 'not_read') return search.neverRead;
  const { timesRead: times, first, last, shown } = reading;
  return shown === null
    ? search.readLater({ times, first, last })
    : search.timesRead({ times, first, last, beyond: shown !== last });
};

/** The original's line, and under it title, relevance and readings: mrkdwn. */
export const hitHeading = (hit: Hit, texts: Texts): string => {
  const { search } = texts;
  const facts = [
    `*${inlineText(shortTitle(hit), titleLength)}*`,
    hit.band && search.relevance(search.bands[hit.band]),
    readingLine(hit.reading, texts),
    hit.kind && hit.kind !== 'pretraining' && search.tuning.kinds[hit.kind],
    hit.duplicates > 0 && search.duplicates(hit.duplicates),
    hostLink(hit.url),
  ];
  return `${engineLine({ ...hit, source: inlineText(hit.source) })}\n${facts.filter(Boolean).join(' · ')}`;
};

/** One hit of a list: heading, quotation with the matches in bold, controls. */
export const presentHit = (
  hit: Hit,
  { searchId, list }: Pick<HitReference, 'searchId' | 'list'>,
  texts: Texts,
  controls: HitControls,
): KnownBlock[] => {
  const value = hitValue({ searchId, list, rank: hit.rank });
  const buttons: (Button | false)[] = [
    controls.context && button(texts.search.contextButton, actionIds.context, value),
    controls.readings && hit.reading.state === 'read' && button(texts.search.readingsButton, actionIds.readings, value),
  ];
  const shown = buttons.filter((one) => one !== false);
  const excerpt = excerptOf(hit.text, hit.highlights, charactersFor(hit.text, excerptColumns));
  return [
    section(hitHeading(hit, texts)),
    ...(excerpt.text === '' ? [] : [richText(quote(marked(excerpt.text, excerpt.highlights)))]),
    ...(shown.length === 0 ? [] : [actions(`${list === 'tuning' ? 'tuning-hit' : 'hit'}-${hit.rank}`, shown)]),
  ];
};
