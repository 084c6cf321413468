import type { BlockAction, ButtonAction } from '@slack/bolt';
import { textsFor } from '../../src/i18n/texts.ts';
import type { Answer, Locale } from '../../src/store/records.ts';
import type { RoleContext } from '../bot.ts';
import { createDesk } from '../desk.ts';
import { createNotice } from '../feedback/notice.ts';
import { answerActionIds } from './actions.ts';
import type { ModelRoleOptions } from './options.ts';

/** [🔍] and [⟳] under an answer. */
export const registerAnswerControls = (role: RoleContext, options: ModelRoleOptions): void => {
  const { bolt, app, access, handling, logger } = role;
  const { store, searchApp } = options;
  const desk = createDesk(options, logger);
  const notice = createNotice({ store, logger });

  const register = (
    id: string,
    work: (
      answer: Answer,
      click: { user: string; locale: Locale; actionTs: string; say(text: string): Promise<unknown> },
    ) => Promise<void>,
  ): void =>
    bolt.action<BlockAction>(id, async ({ ack, body, action, client }) => {
      await ack();
      const user = body.user.id;
      const channel = body.channel?.id;
      const threadTs = body.message?.thread_ts as string | undefined;
      const say = async (text: string): Promise<unknown> =>
        channel
          ? client.chat.postEphemeral({ channel, user, text, ...(threadTs ? { thread_ts: threadTs } : {}) })
          : undefined;
      await handling.run({ name: id, user, tell: say }, async () => {
        const locale = await access.localeOf(user);
        const answer = await store.answers.get((action as ButtonAction).value ?? '');
        if (answer) await work(answer, { user, locale, actionTs: action.action_ts, say });
        else await say(textsFor(locale).answer.answerGone);
      });
    });

  register(
    answerActionIds.again,
    async ({ team, channel, threadTs, questionTs, question }, { user, locale, actionTs, say }) => {
      const fresh = await desk.ask('retry', actionTs, {
        team,
        app: app.name,
        channel,
        threadTs,
        model: options.model,
        user,
        locale,
        questionTs,
        question,
      });
      if (fresh) await notice({ team, user, locale }, say);
    },
  );

  register(
    answerActionIds.findRead,
    async ({ id, team, channel, threadTs, question, model, text, status }, { user, locale, say }) => {
      const { answer, search } = textsFor(locale);
      if (searchApp === null) return void (await say(answer.searchesElsewhere));
      if (status === 'queued' || status === 'running') return void (await say(answer.stillWriting));
      const first = (await store.deliveries.get(id))?.messages[0];
      if (first === undefined) return void (await say(answer.answerGone));
      const fresh = await desk.search('search', first, {
        team,
        app: (await options.searchAppIsIn(channel)) ? searchApp : app.name,
        channel,
        threadTs,
        user,
        locale,
        messageTs: first,
        query: { text, question, model },
      });
      if (!fresh) await say(search.refusals.done);
    },
  );
};
