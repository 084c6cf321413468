import { cleanMessage } from '../../../src/chat/clean-message.ts';
import type { Clock } from '../../../src/clock.ts';
import { TenkyoError } from '../../../src/errors.ts';
import { type Feed, searchTopic } from '../../../src/feed/feed.ts';
import { reasonFor } from '../../../src/i18n/texts.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import { failureId } from '../../../src/store/failure-id.ts';
import type { SearchRecord } from '../../../src/store/records.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Desk } from '../../desk.ts';
import { refusalText } from '../../refuse.ts';
import type { HitControls } from '../../search/present-hit.ts';
import { presentHits } from '../../search/present-hits.ts';
import { readResult } from '../../search/read-result.ts';
import type { SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';

export interface FindCommandOptions {
  readonly store: Pick<Store, 'searches' | 'hidden'>;
  readonly feed: Pick<Feed, 'read'>;
  readonly desk: Desk;
  readonly controls: HitControls;
  readonly clock: Clock;
}

/** Slack takes answers to a command for half an hour; nobody waits so long. */
const waitMs = 120_000;
const lookEveryMs = 1_000;

/** The search once it is final. The feed is quicker than looking; looking needs no feed. */
const awaitEnd = async (id: string, { store, feed, clock }: FindCommandOptions): Promise<SearchRecord> => {
  const stop = new AbortController();
  const until = clock.now() + waitMs;
  const told = (async () => {
    for await (const { event } of feed.read(searchTopic(id), { signal: stop.signal }))
      if (event.type === 'finished') return;
  })().catch(() => undefined);
  try {
    for (;;) {
      const search = await store.searches.get(id);
      if (search?.finishedAt) return search;
      if (clock.now() > until) throw new TenkyoError('engine_late', 'the search did not end in time');
      await Promise.race([told, clock.sleep(lookEveryMs, stop.signal)]);
      // A feed that ended early must not make a busy loop.
      if ((await store.searches.get(id))?.finishedAt == null) await clock.sleep(lookEveryMs / 5, stop.signal);
    }
  } finally {
    stop.abort();
  }
};

/** `/tenkyo find TEXT`: what 🔍 would show, for the person alone. */
export const findCommand = (options: FindCommandOptions): SubCommand => ({
  name: 'find',
  who: 'everybody',
  usage: 'TEXT',
  run: async ({ team, app, channel, user, callId, rest, texts }) => {
    const text = cleanMessage(rest);
    if (text === '') return null;
    const { id, refusal } = await options.desk.search('find', callId, {
      team,
      app,
      channel,
      threadTs: '',
      messageTs: '',
      user,
      locale: texts.locale,
      query: { text, question: null, model: null },
    });
    if (refusal) return linesMessage([refusalText(refusal, texts)]);
    const search = await awaitEnd(id, options);
    const result = await readResult(options.store.hidden, search);
    if (result) return presentHits(id, result, texts, options.controls);
    const reason = reasonFor(texts, search.error?.code ?? 'internal');
    return linesMessage([texts.errors.searchFailed(reason, inlineText(search.error?.id ?? failureId(id)))]);
  },
});
