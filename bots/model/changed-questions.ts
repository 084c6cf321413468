import type { WebClient } from '@slack/web-api';
import { textsFor } from '../../src/i18n/texts.ts';
import type { GiveTurns } from '../../src/jobs/give-turns.ts';
import { actions, button, section } from '../../src/slack/blocks.ts';
import type { Answer } from '../../src/store/records.ts';
import type { RoleContext } from '../bot.ts';
import { endAnswer } from '../end-answer.ts';
import { answerActionIds } from './actions.ts';
import type { ModelRoleOptions } from './options.ts';
import { type IncomingMessage, type Question, readQuestion } from './read-question.ts';

/** Slack's `message_changed` and `message_deleted`: https://docs.slack.dev/reference/events/message */
export interface ChangeEvent {
  readonly subtype: 'message_changed' | 'message_deleted';
  readonly channel: string;
  readonly channel_type?: string;
  readonly message?: ChangedMessage;
  readonly previous_message?: ChangedMessage;
  readonly deleted_ts?: string;
}

type ChangedMessage = Pick<IncomingMessage, 'subtype' | 'user' | 'bot_id' | 'text' | 'ts' | 'thread_ts' | 'files'> & {
  readonly edited?: { readonly ts: string };
};

export interface ChangedIn {
  readonly team: string;
  /** The app's bot. */
  readonly self: string;
  readonly client: WebClient;
  /** Asks what the message says now as a new question. */
  ask(event: IncomingMessage, kind: { readonly kind: 'question' | 'retry'; readonly ts: string }): Promise<void>;
}

/** What a person changes or deletes after asking. */
export interface ChangedQuestions {
  changed(event: ChangeEvent, place: ChangedIn): Promise<void>;
}

/** A root with replies leaves a tombstone: to the apps that is a change. */
const isDeleted = ({ subtype, message }: ChangeEvent): boolean =>
  subtype === 'message_deleted' || message?.subtype === 'tombstone';

export const createChangedQuestions = (
  { app, access }: RoleContext,
  { store, feed, giveTurns }: Pick<ModelRoleOptions, 'store' | 'feed'> & { readonly giveTurns: GiveTurns },
): ChangedQuestions => {
  /** Whatever was written stays where it stands, but no later prompt holds it, and nothing more is written. */
  const withdraw = async (answer: Answer): Promise<void> => {
    await store.answers.withdraw(answer.id);
    if (answer.finishedAt === null) await endAnswer({ store, feed, giveTurns }, answer);
  };

  /** An answer that had begun stands under a question that is not its own any more: offers another, once an edit. */
  const offer = async (answer: Answer, editedTs: string, { team, client }: ChangedIn): Promise<void> => {
    const { channel, threadTs, user, id } = answer;
    if (!(await store.inbox.claim({ team, app: app.name, channel, ts: editedTs, kind: 'told' }))) return;
    const texts = textsFor(await access.localeOf(user)).answer;
    await client.chat.postEphemeral({
      channel,
      user,
      text: texts.questionChanged,
      blocks: [
        section(texts.questionChanged),
        actions('changed', [button(texts.answerChangedButton, answerActionIds.again, id)]),
      ],
      thread_ts: threadTs,
    });
  };

  const amend = async (
    answers: readonly Answer[],
    { text, grounded }: Question,
    event: IncomingMessage,
    editedTs: string,
    place: ChangedIn,
  ): Promise<void> => {
    const last = answers.at(-1);
    if (!last || text === '') return;
    const asksOtherwise = grounded !== (last.settings?.grounded ?? false);
    if (last.status === 'queued' && asksOtherwise) {
      await withdraw(last);
      return place.ask(event, { kind: 'retry', ts: editedTs });
    }
    let begun = false;
    for (const { id, status } of answers) {
      if (status !== 'cancelled') begun = (await store.answers.amend(id, text)) === 'begun' || begun;
    }
    if (begun) await offer(last, editedTs, place);
  };

  return {
    changed: async (event, place) => {
      const { channel, message, previous_message: before } = event;
      const { team, self } = place;
      const ts = event.deleted_ts ?? message?.ts ?? before?.ts;
      if (ts === undefined) return;
      const answers = await store.answers.ofQuestion({ team, app: app.name, channel }, ts);
      if (isDeleted(event)) {
        await Promise.all(answers.map(withdraw));
        return;
      }
      // Slack changes messages too, for the preview of a link or the count of replies; it is no edit then.
      if (!message?.edited || message.text === before?.text) return;
      const read = (one: ChangedMessage): Question | null => readQuestion(asMessage(event, one), { userId: self });
      const question = read(message);
      const asked = question !== null && (question.text !== '' || question.files.length > 0);
      if (answers.length === 0) {
        // The mention was forgotten at first.
        const wasAsked = before !== undefined && read(before) !== null;
        if (asked && !question.followUp && !wasAsked) {
          await place.ask(asMessage(event, message), { kind: 'question', ts });
        }
        return;
      }
      if (asked) return amend(answers, question, asMessage(event, message), message.edited.ts, place);
      await Promise.all(answers.filter(({ finishedAt }) => finishedAt === null).map(withdraw));
    },
  };
};

const asMessage = ({ channel, channel_type }: ChangeEvent, message: ChangedMessage): IncomingMessage => ({
  ...message,
  type: 'message',
  channel,
  ...(channel_type === undefined ? {} : { channel_type }),
});
