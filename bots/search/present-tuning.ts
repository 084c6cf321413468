import type { KnownBlock } from '@slack/types';
import type { Texts } from '../../src/i18n/texts.ts';
import type { Hit, SearchResult } from '../../src/search/result.ts';
import { divider, section } from '../../src/slack/blocks.ts';
import { type HitControls, presentHit } from './present-hit.ts';
import { coverage } from './present-spans.ts';

/** An answer's own example is mostly the first: a second one says enough. */
const hitsShown = 2;

/** Those worth a place below the list: what is hardly like the message is not. */
const shownOf = ({ tuning }: SearchResult): readonly Hit[] =>
  (tuning?.hits ?? []).filter(({ band, engines }) => band !== 'low' || engines.includes('exact')).slice(0, hitsShown);

export const hasTuning = (result: SearchResult): boolean => shownOf(result).length > 0;

/**
 * What was found among the data that the model was tuned on: below and apart, since its answers repeat those examples
 * word for word, and nobody could see the texts for them. Nothing where there is none.
 */
export const presentTuning = (
  result: SearchResult,
  searchId: string,
  texts: Texts,
  controls: HitControls,
): KnownBlock[] => {
  const { tuning, text } = result;
  if (!tuning || !hasTuning(result)) return [];
  const { title, verbatim } = texts.search.tuning;
  const facts = tuning.spans.length === 0 ? '' : `   ${verbatim(coverage(tuning.spans, text))}`;
  return [
    divider(),
    section(`*${title}*${facts}`),
    ...shownOf(result).flatMap((hit) => presentHit(hit, { searchId, list: 'tuning' }, texts, controls)),
  ];
};
