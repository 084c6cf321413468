import type { BlockAction, ViewSubmitAction } from '@slack/bolt';
import { textsFor } from '../../src/i18n/texts.ts';
import type { Feedback } from '../../src/store/feedback-records.ts';
import type { Store } from '../../src/store/store.ts';
import type { RoleContext } from '../bot.ts';
import { teamOf } from '../desk.ts';
import { isHere } from '../is-here.ts';
import { feedbackActionIds, feedbackForm, readVerdictValue } from './actions.ts';
import { createNotice } from './notice.ts';
import { presentFeedbackForm, readFeedbackForm } from './present-form.ts';

export interface AnswerFeedbackOptions {
  readonly store: Pick<Store, 'answers' | 'feedback' | 'people'>;
}

const nothing = { tags: [], comment: '', better: '' } as const;

/** 👍 and 👎: stored at once; 👎 then asks why. Pressed again, the newer one holds. */
export const registerAnswerFeedback = (
  { bolt, access, handling, logger }: RoleContext,
  { store }: AnswerFeedbackOptions,
): void => {
  const notice = createNotice({ store, logger });

  const pressed = async ({
    ack,
    body,
    action,
    context,
    client,
  }: Parameters<Parameters<typeof bolt.action<BlockAction>>[1]>[0]): Promise<void> => {
    await ack();
    const user = body.user.id;
    const channel = body.channel?.id;
    const threadTs = body.message?.thread_ts as string | undefined;
    const tell = async (text: string): Promise<unknown> =>
      channel
        ? client.chat.postEphemeral({ channel, user, text, ...(threadTs ? { thread_ts: threadTs } : {}) })
        : undefined;
    await handling.run({ name: 'feedback', user, tell }, async () => {
      const team = teamOf(context);
      const said = readVerdictValue('value' in action ? String(action.value) : undefined);
      const [locale, answer] = await Promise.all([
        access.localeOf(user),
        said === null ? null : store.answers.get(said.answerId),
      ]);
      const texts = textsFor(locale);
      if (said === null || answer === null || !isHere(answer, body)) return void (await tell(texts.answer.answerGone));
      const key = { team, answerId: answer.id, user };
      if (said.verdict === 'up') {
        // What was said against it before does not stand any more.
        await store.feedback.save({ ...key, ...nothing, verdict: 'up' });
        await tell(texts.feedback.recordedGood);
        return notice({ team, user, locale }, tell);
      }
      const before = await store.feedback.get(team, answer.id, user);
      const kept: Feedback = { ...key, ...nothing, ...before, verdict: 'down' };
      await store.feedback.save(kept);
      const withNotice = await store.people.noticeOnce(team, user);
      await client.views.open({
        trigger_id: body.trigger_id,
        view: presentFeedbackForm(answer, kept, texts, { withNotice }),
      });
    });
  };
  for (const id of Object.values(feedbackActionIds)) bolt.action<BlockAction>(id, pressed);

  bolt.view<ViewSubmitAction>(feedbackForm, async ({ ack, body, view, context, client }) => {
    await ack();
    const user = body.user.id;
    const tell = (text: string): Promise<unknown> => client.chat.postMessage({ channel: user, text });
    await handling.run({ name: 'feedback form', user, tell }, async () => {
      const answerId = view.private_metadata;
      const team = teamOf(context);
      if ((await store.answers.get(answerId))?.team !== team) {
        return void (await tell(textsFor(await access.localeOf(user)).answer.answerGone));
      }
      await store.feedback.save({ team, answerId, user, verdict: 'down', ...readFeedbackForm(view.state.values) });
    });
  });
};
