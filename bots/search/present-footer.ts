import type { Texts } from '../../src/i18n/texts.ts';
import type { EngineName, EngineReport, SearchResult } from '../../src/search/result.ts';
import { inlineText } from '../../src/slack/escape.ts';

const own = (table: Readonly<Record<string, string>>, key: string): string | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;

/** In the reader's words where the code is known; else the code itself, so that nothing is hidden. */
const reasonOf = (reason: string | undefined, { search, errors }: Texts): string | null =>
  reason === undefined
    ? null
    : (own(search.engineReasons, reason) ?? own(errors.reasons, reason) ?? inlineText(reason));

const engineNote = (
  { engine, status, tookMs, reason }: EngineReport<EngineName | 'reranker'>,
  texts: Texts,
): string => {
  const { search } = texts;
  const why = reasonOf(reason, texts);
  const name = engine === 'reranker' ? search.reranker : search.engines[engine];
  if (status === 'ok') return search.engineTook(engine === 'reranker' ? name : search.enginesShort[engine], tookMs);
  if (status === 'late') return search.engineLate(name, tookMs);
  if (status === 'failed') return search.engineFailed(name, why);
  return search.engineOff(name, why ?? search.engineOffUnknown);
};

/** What each engine and the reranker did, one that is off or failed with its reason, and how old the index is: mrkdwn. */
export const engineNotes = ({ engines, reranker, index, tuningFault }: SearchResult, texts: Texts): string =>
  [
    ...[...engines, ...(reranker ? [reranker] : [])].map((report) => engineNote(report, texts)),
    ...(tuningFault ? [texts.search.tuning.failed(reasonOf(tuningFault, texts))] : []),
    texts.search.indexDate(texts.format.date(index.builtAt)),
  ].join(' · ');
