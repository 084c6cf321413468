import { textsFor } from '../../src/i18n/texts.ts';
import type { BotRole } from '../bot.ts';
import { registerReactions, registerShortcut } from './asking.ts';
import { type ResultsOptions, registerResults } from './results.ts';

/** 🔍: searches the training data for any message that somebody points at, and answers in its thread. */
export const searchRole =
  (options: ResultsOptions): BotRole =>
  (role) => {
    registerReactions(role, options, 'everywhere');
    registerShortcut(role, options);
    registerResults(role, options);
    // Who talks to an app that only searches is told how it is used.
    if (!role.app.roles.includes('model')) registerHowTo(role);
  };

const registerHowTo: BotRole = ({ bolt, access, handling }) => {
  bolt.event('app_mention', async ({ event, client, context }) => {
    const { user, channel, thread_ts } = event;
    if (!user || user === context.botUserId || event.bot_id) return;
    await handling.run({ name: 'how to', user }, async () => {
      const text = textsFor(await access.localeOf(user)).search.howTo;
      await client.chat.postEphemeral({ channel, user, text, ...(thread_ts ? { thread_ts } : {}) });
    });
  });
  bolt.event('message', async ({ event, client, context }) => {
    if (event.subtype !== undefined || event.channel_type !== 'im' || event.bot_id || event.user === context.botUserId)
      return;
    const { user, channel } = event;
    await handling.run({ name: 'how to', user }, async () => {
      const text = textsFor(await access.localeOf(user)).search.howTo;
      await client.chat.postMessage({ channel, text, thread_ts: event.thread_ts ?? event.ts });
    });
  });
};
