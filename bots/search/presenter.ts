import type { MessageContent, Presenter } from '../../src/delivery/presenter.ts';
import { reasonFor, type Texts, textsFor } from '../../src/i18n/texts.ts';
import { actions, button, section } from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { failureId } from '../../src/store/failure-id.ts';
import type { SearchRecord } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';
import { actionIds } from './actions.ts';
import type { HitControls } from './present-hit.ts';
import { presentHits } from './present-hits.ts';
import { readResult } from './read-result.ts';

const presentFailure = ({ id, error, status }: SearchRecord, texts: Texts): MessageContent => {
  const code = error?.code ?? (status === 'cancelled' ? 'cancelled' : 'internal');
  const text = texts.errors.searchFailed(reasonFor(texts, code), inlineText(error?.id ?? failureId(id)));
  return {
    text,
    blocks: [section(text), actions('search-failed', [button(texts.answer.tryAgainButton, actionIds.retry, id)])],
  };
};

/** A search as the message of its thread, in the language of who asked. */
export const createSearchPresenter = ({
  store,
  controls,
}: {
  readonly store: Pick<Store, 'searches' | 'hidden'>;
  readonly controls: HitControls;
}): Presenter => {
  const textsOf = async (id: string): Promise<Texts> => textsFor((await store.searches.get(id))?.locale ?? 'en');
  return {
    final: async ({ id }) => {
      const search = await store.searches.get(id);
      if (search === null || search.status === 'queued' || search.status === 'running') return null;
      const texts = textsFor(search.locale);
      const result = search.status === 'done' ? await readResult(store.hidden, search) : null;
      return result ? [presentHits(id, result, texts, controls)] : [presentFailure(search, texts)];
    },
    partial: async ({ id }) => ({ text: (await textsOf(id)).search.searching }),
    waiting: async ({ id }, progress) => {
      const { search } = await textsOf(id);
      return progress === null ? search.searching : search.indexing(progress);
    },
  };
};
