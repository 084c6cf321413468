import type { WebClient } from '@slack/web-api';
import type { SearchRefusals } from '../../src/i18n/search-refusals.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import type { RoleContext } from '../bot.ts';
import { createDesk, type DeskOptions, teamOf } from '../desk.ts';
import { refusalText } from '../refuse.ts';
import { findShortcut } from './actions.ts';
import { createMessageFinder, type MessagePointer } from './find-message.ts';

const skinTone = /::skin-tone-\d$/;

interface Asked extends MessagePointer {
  readonly user: string;
  readonly client: WebClient;
  /** Says something to the person alone. */
  tell(text: string, threadTs: string | null): Promise<unknown>;
}

/** Opens a search for whoever points at a message; says why where there is nothing to search for. */
const createAsking = (role: RoleContext, options: DeskOptions) => {
  const { app, access } = role;
  const desk = createDesk(options, role);
  const finder = createMessageFinder(options.store);
  return async ({ team, channel, ts, user, client, tell }: Asked, { insist }: { insist: boolean }): Promise<void> => {
    const refuse = async (why: keyof SearchRefusals, threadTs: string | null): Promise<void> => {
      await tell(textsFor(await access.localeOf(user)).search.refusals[why], threadTs);
    };
    const found = await finder.find(client, { team, channel, ts });
    if ('refusal' in found) return refuse(found.refusal, found.threadTs);
    const locale = await access.localeOf(user);
    const { fresh, refusal } = await desk.search('search', found.ts, {
      team,
      app: app.name,
      channel,
      threadTs: found.threadTs,
      user,
      locale,
      messageTs: found.ts,
      query: found.query,
    });
    // A second reaction is nothing to talk about; who used a menu expects to hear something.
    if (refusal) await tell(refusalText(refusal, textsFor(locale)), found.threadTs);
    else if (!fresh && insist) await refuse('done', found.threadTs);
  };
};

/**
 * 🔍 on a message (`mag`, whatever its skin tone). The first one counts, whoever put it.
 *
 * @param only `direct`: in the app's own direct messages alone, where no other app can be
 */
export const registerReactions = (role: RoleContext, options: DeskOptions, only: 'direct' | 'everywhere'): void => {
  const ask = createAsking(role, options);
  role.bolt.event('reaction_added', async ({ event, client, context }) => {
    const { user, reaction, item } = event;
    if (reaction.replace(skinTone, '') !== 'mag' || item.type !== 'message' || user === context.botUserId) return;
    const { channel, ts } = item;
    if (only === 'direct' && !channel.startsWith('D')) return;
    const tell = (text: string, threadTs: string | null = null): Promise<unknown> =>
      client.chat.postEphemeral({
        channel,
        user,
        text,
        ...(threadTs !== null && threadTs !== ts ? { thread_ts: threadTs } : {}),
      });
    await role.handling.run({ name: 'reaction', user, tell }, () =>
      ask({ team: teamOf(context), channel, ts, user, client, tell }, { insist: false }),
    );
  });
};

/** "Find in training data" in a message's menu: works in channels that the app is not in only as far as saying so. */
export const registerShortcut = (role: RoleContext, options: DeskOptions): void => {
  const ask = createAsking(role, options);
  role.bolt.shortcut(
    { callback_id: findShortcut, type: 'message_action' },
    async ({ shortcut, ack, client, context, respond }) => {
      await ack();
      if (shortcut.type !== 'message_action') return;
      const { channel, message_ts: ts, user } = shortcut;
      const tell = (text: string): Promise<unknown> => respond({ text, response_type: 'ephemeral' });
      await role.handling.run({ name: 'shortcut', user: user.id, tell }, () =>
        ask({ team: teamOf(context), channel: channel.id, ts, user: user.id, client, tell }, { insist: true }),
      );
    },
  );
};
