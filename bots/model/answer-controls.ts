import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { textsFor } from '../../src/i18n/texts.ts';
import type { Answer, Locale } from '../../src/store/records.ts';
import type { RoleContext } from '../bot.ts';
import { createDesk } from '../desk.ts';
import { createNotice } from '../feedback/notice.ts';
import { isHere } from '../is-here.ts';
import { refusalText, tellRefusal } from '../refuse.ts';
import { openSettingsForm } from '../settings/settings-form.ts';
import { settingsOfThread } from '../settings/thread-settings.ts';
import { answerActionIds } from './actions.ts';
import type { ModelRoleOptions } from './options.ts';

interface Click {
  readonly user: string;
  readonly locale: Locale;
  readonly actionTs: string;
  readonly triggerId: string;
  readonly client: WebClient;
  say(text: string): Promise<unknown>;
}

/** [🔍] and [⟳] under an answer. */
export const registerAnswerControls = (role: RoleContext, options: ModelRoleOptions): void => {
  const { bolt, app, access, handling, logger } = role;
  const { store, searchApp } = options;
  const desk = createDesk(options, role);
  const notice = createNotice({ store, logger });

  const register = (id: string, work: (answer: Answer, click: Click) => Promise<void>): void =>
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
        if (answer && isHere(answer, body))
          await work(answer, { user, locale, actionTs: action.action_ts, triggerId: body.trigger_id, client, say });
        else await say(textsFor(locale).answer.answerGone);
      });
    });

  const askAgain = async (
    { team, channel, threadTs, questionTs, question, edited, files }: Answer,
    { user, locale, actionTs, client, say }: Click,
    grounded: boolean,
  ): Promise<void> => {
    const place = { team, app: app.name, channel, threadTs, user };
    // As the thread is set now: that may be why somebody asks again.
    const settings = await settingsOfThread(store, place, { grounded });
    const asked = { questionTs, question: edited ?? question, files };
    const again = { ...place, model: options.model, locale, ...asked, settings };
    const { fresh, refusal } = await desk.ask('retry', actionTs, again);
    if (refusal) await tellRefusal(refusal, { ...place, client, inbox: store.inbox, texts: textsFor(locale) });
    if (fresh) await notice({ team, user, locale }, say);
  };
  register(answerActionIds.again, (answer, click) => askAgain(answer, click, answer.settings?.grounded ?? false));
  register(answerActionIds.ungrounded, (answer, click) => askAgain(answer, click, false));
  register(answerActionIds.settings, async (answer, { locale, triggerId, client }) => {
    const view = await openSettingsForm(options, answer, textsFor(locale));
    await client.views.open({ trigger_id: triggerId, view });
  });

  register(
    answerActionIds.findRead,
    async ({ id, team, channel, threadTs, question, model, text, status }, { user, locale, say }) => {
      const texts = textsFor(locale);
      const { answer, search } = texts;
      if (searchApp === null) return void (await say(answer.searchesElsewhere));
      if (status === 'queued' || status === 'running') return void (await say(answer.stillWriting));
      const first = (await store.deliveries.get(id))?.messages[0];
      if (first === undefined) return void (await say(answer.answerGone));
      const { fresh, refusal } = await desk.search('search', first, {
        team,
        app: (await options.searchAppIsIn(channel)) ? searchApp : app.name,
        channel,
        threadTs,
        user,
        locale,
        messageTs: first,
        query: { text, question, model },
      });
      if (refusal) await say(refusalText(refusal, texts));
      else if (!fresh) await say(search.refusals.done);
    },
  );
};
