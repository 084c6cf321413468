import type { ActionsBlockElement, KnownBlock, ModalView } from '@slack/types';
import type { Texts } from '../../src/i18n/texts.ts';
import type { Hit, SearchResult } from '../../src/search/result.ts';
import { actions, button, context, marked, quote, richText, section } from '../../src/slack/blocks.ts';
import { actionIds, hitValue } from './actions.ts';
import { charactersFor, excerptOf } from './excerpt.ts';
import { modal } from './modal.ts';
import { type HitControls, hitHeading } from './present-hit.ts';

const pageSize = 10;
const excerptColumns = 160;

const presentRow = (hit: Hit, searchId: string, texts: Texts, { context: canShow }: HitControls): KnownBlock[] => {
  const { text, highlights } = excerptOf(hit.text, hit.highlights, charactersFor(hit.text, excerptColumns));
  const accessory = button(
    texts.search.contextButton,
    actionIds.listContext,
    hitValue({ searchId, list: 'texts', rank: hit.rank }),
  );
  return [
    { ...section(hitHeading(hit, texts)), block_id: `row-${hit.rank}`, ...(canShow ? { accessory } : {}) },
    ...(text === '' ? [] : [richText(quote(marked(text, highlights)))]),
  ];
};

/**
 * "Show more": every hit of the result, a page at a time.
 *
 * @param page from 0; one that is not there shows the nearest that is
 */
export const presentList = (
  searchId: string,
  result: SearchResult,
  page: number,
  texts: Texts,
  controls: HitControls,
): ModalView => {
  const { modals, search } = texts;
  const total = result.hits.length;
  const shownPage = Math.max(0, Math.min(page, Math.ceil(total / pageSize) - 1));
  const from = shownPage * pageSize;
  const shown = result.hits.slice(from, from + pageSize);
  const steps: ActionsBlockElement[] = [
    ...(shownPage > 0 ? [button(modals.previous, actionIds.listPrevious, String(shownPage - 1))] : []),
    ...(from + pageSize < total ? [button(modals.next, actionIds.listNext, String(shownPage + 1))] : []),
  ];
  return modal(
    modals.list.title,
    [
      context(modals.list.range({ from: Math.min(from + 1, total), to: from + shown.length, total })),
      ...shown.flatMap((hit) => presentRow(hit, searchId, texts, controls)),
      ...(steps.length === 0 ? [] : [actions(`list-${shownPage}`, steps)]),
      context(search.disclaimer),
    ],
    { searchId, list: 'texts', rank: null, range: 100, page: shownPage },
    texts,
  );
};
