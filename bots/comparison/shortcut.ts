import type { Pair } from '../../src/comparison/pairs.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import type { Store } from '../../src/store/store.ts';
import type { RoleContext } from '../bot.ts';
import { type Desk, teamOf } from '../desk.ts';
import { createMessageFinder } from '../search/find-message.ts';
import { compareShortcut } from './actions.ts';
import { beginComparison } from './begin.ts';

export interface CompareShortcutOptions {
  readonly store: Pick<Store, 'answers' | 'searches' | 'deliveries'>;
  readonly desk: Desk;
  readonly pairs: readonly Pair[];
}

/** "Compare models" in a message's menu: on a question, or on an answer, whose question is asked again. */
export const registerCompareShortcut = (
  { bolt, app, access, handling }: RoleContext,
  { store, desk, pairs }: CompareShortcutOptions,
): void => {
  const finder = createMessageFinder(store);
  const [pair] = pairs;
  bolt.shortcut(
    { callback_id: compareShortcut, type: 'message_action' },
    async ({ shortcut, ack, client, context, respond }) => {
      await ack();
      if (shortcut.type !== 'message_action') return;
      const { message_ts: ts } = shortcut;
      const [channel, user] = [shortcut.channel.id, shortcut.user.id];
      const tell = (text: string): Promise<unknown> => respond({ text, response_type: 'ephemeral' });
      await handling.run({ name: 'compare', user, tell }, async () => {
        const team = teamOf(context);
        const texts = textsFor(await access.localeOf(user));
        if (!pair) return void (await tell(texts.comparison.noPairs));
        const answer = await store.answers.byMessage(team, channel, ts);
        const found = answer
          ? { threadTs: answer.threadTs, query: { question: answer.question, text: '' } }
          : await finder.find(client, { team, channel, ts });
        if ('refusal' in found) {
          const { notHere, noText } = texts.comparison;
          return void (await tell(found.refusal === 'notInChannel' ? notHere : noText));
        }
        const { threadTs, query } = found;
        const question = query.question ?? query.text;
        const callId = shortcut.trigger_id;
        await tell(
          await beginComparison(desk, {
            team,
            app: app.name,
            channel,
            threadTs,
            user,
            pair,
            question,
            callId,
            client,
            texts,
          }),
        );
      });
    },
  );
};
