import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { AnswerTexts } from '../../src/i18n/answer.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import type { Answer } from '../../src/store/records.ts';
import type { RoleContext } from '../bot.ts';
import { teamOf } from '../desk.ts';
import { type EndAnswerOptions, endAnswer } from '../end-answer.ts';
import { isHere } from '../is-here.ts';
import { answerActionIds } from './actions.ts';

const mostAdmins = 5;

const isOpen = ({ finishedAt }: Answer): boolean => finishedAt === null;

/** Slack's own Stop and ours: both end an answer for who asked for it, and for admins. */
export const registerStop = ({ bolt, app, access, handling }: RoleContext, options: EndAnswerOptions): void => {
  const { answers } = options.store;

  const textsOf = async (user: string): Promise<AnswerTexts> => textsFor(await access.localeOf(user)).answer;

  /** @returns what the person is to be told; null: nothing, they see it */
  const stop = async (user: string, open: readonly Answer[]): Promise<string | null> => {
    const own = open.filter((answer) => answer.user === user);
    const mayAll = own.length < open.length && (await access.isAdmin(user)).admin;
    const mine = mayAll ? open : own;
    if (mine.length === 0) {
      const texts = await textsOf(user);
      return texts.stopNotYours((await access.admins()).slice(0, mostAdmins).map((admin) => `<@${admin}>`));
    }
    await Promise.all(mine.map((answer) => endAnswer(options, answer)));
    return null;
  };

  const whisper =
    (client: WebClient, channel: string, user: string, threadTs: string | undefined) =>
    (text: string): Promise<unknown> =>
      client.chat.postEphemeral({ channel, user, text, ...(threadTs ? { thread_ts: threadTs } : {}) });

  bolt.event('agent_session_stopped', async ({ event, context, client }) => {
    const { channel, user, thread_ts: threadTs } = event;
    const tell = whisper(client, channel, user, threadTs);
    await handling.run({ name: event.type, user, tell }, async () => {
      const place = { team: teamOf(context), app: app.name, channel, threadTs };
      const open = (await answers.thread(place)).filter(isOpen);
      // What ended by itself while the press was on its way needs no word.
      const said = open.length > 0 ? await stop(user, open) : null;
      if (said !== null) await tell(said);
    });
  });

  bolt.action<BlockAction>(answerActionIds.stop, async ({ ack, body, action, client }) => {
    await ack();
    const user = body.user.id;
    const channel = body.channel?.id;
    const threadTs = body.message?.thread_ts as string | undefined;
    const tell = async (text: string): Promise<unknown> =>
      channel ? whisper(client, channel, user, threadTs)(text) : undefined;
    await handling.run({ name: answerActionIds.stop, user, tell }, async () => {
      const answer = await answers.get((action as ButtonAction).value ?? '');
      const open = answer !== null && isHere(answer, body) && isOpen(answer);
      const said = open ? await stop(user, [answer]) : (await textsOf(user)).stoppedAlready;
      if (said !== null) await tell(said);
    });
  });
};
