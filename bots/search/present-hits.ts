import type { KnownBlock } from '@slack/types';
import type { MessageContent } from '../../src/delivery/presenter.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import type { SearchResult } from '../../src/search/result.ts';
import { actions, button, context, divider, section } from '../../src/slack/blocks.ts';
import { escapeText, inlineText } from '../../src/slack/escape.ts';
import { UPDATE_TEXT } from '../../src/slack/limits.ts';
import { actionIds } from './actions.ts';
import { engineLine } from './engine-line.ts';
import { engineNotes } from './present-footer.ts';
import { type HitControls, presentHit, shortTitle } from './present-hit.ts';
import { presentSpans } from './present-spans.ts';
import { hasTuning, presentTuning } from './present-tuning.ts';

/** Hits in the message; the rest is behind "show more". */
const hitsInMessage = 5;

const trainingLine = ({ run, model }: SearchResult, { search }: Texts): string => {
  if (run === null) return search.noRun;
  const { iterations } = run;
  const checkpoint = model?.checkpoint ?? null;
  return search.training({
    name: inlineText(model?.name ?? run.name),
    iterations,
    checkpoint: checkpoint !== null && checkpoint < iterations ? checkpoint : null,
  });
};

const nothingFound = ({ engines, index }: SearchResult, { search }: Texts): string => {
  const asked = engines.filter(({ status }) => status === 'ok').map(({ engine }) => search.enginesShort[engine]);
  return `${search.nothingFound({ documents: index.documents, engines: asked })}\n${search.whatToTry}`;
};

/** Whole lines, as many as a message's text may have. */
const fallbackText = (lines: readonly string[]): string => {
  let text = '';
  for (const line of lines) {
    const longer = text === '' ? line : `${text}\n${line}`;
    if (longer.length > UPDATE_TEXT) break;
    text = longer;
  }
  return text;
};

/** The result of a 🔍 as one message of the thread. */
export const presentHits = (
  searchId: string,
  result: SearchResult,
  texts: Texts,
  controls: HitControls,
): MessageContent => {
  const { search } = texts;
  const shown = result.hits.slice(0, hitsInMessage);
  const left = result.hits.length - shown.length;
  const blocks: KnownBlock[] = [
    section(`*${search.title}*\n${trainingLine(result, texts)}`),
    ...presentSpans(result, texts),
    divider(),
    ...(shown.length === 0 ? [section(nothingFound(result, texts))] : []),
    ...shown.flatMap((hit) => presentHit(hit, { searchId, list: 'texts' }, texts, controls)),
    ...(left > 0 ? [actions('hits-more', [button(search.moreButton(left), actionIds.more, searchId)])] : []),
    ...presentTuning(result, searchId, texts, controls),
    context(engineNotes(result, texts)),
    ...(shown.length > 0 || result.spans.length > 0 || hasTuning(result) ? [context(search.disclaimer)] : []),
  ];
  const text =
    shown.length === 0
      ? nothingFound(result, texts)
      : fallbackText([
          search.foundCount(result.hits.length),
          ...shown.map((hit) => escapeText(`${engineLine(hit)} | ${shortTitle(hit)}`)),
        ]);
  return { text, blocks };
};
