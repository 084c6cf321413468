import type { WebClient } from '@slack/web-api';
import { textsFor } from '../../src/i18n/texts.ts';
import { createGiveTurns } from '../../src/jobs/give-turns.ts';
import { inlineText } from '../../src/slack/escape.ts';
import type { BotRole, RoleContext } from '../bot.ts';
import { createDesk, teamOf } from '../desk.ts';
import { registerAnswerFeedback } from '../feedback/answer-feedback.ts';
import { createNotice } from '../feedback/notice.ts';
import { type ReadFiles, readFiles } from '../files/read-files.ts';
import { tellRefusal } from '../refuse.ts';
import { registerReactions } from '../search/asking.ts';
import { registerResults } from '../search/results.ts';
import { registerSettingsForm } from '../settings/settings-form.ts';
import { settingsOfThread } from '../settings/thread-settings.ts';
import { registerAnswerControls } from './answer-controls.ts';
import {
  type ChangedIn,
  type ChangedQuestions,
  type ChangeEvent,
  createChangedQuestions,
} from './changed-questions.ts';
import type { ModelRoleOptions } from './options.ts';
import { registerPrompts } from './prompts.ts';
import { type IncomingMessage, readQuestion } from './read-question.ts';
import { registerStop } from './stop.ts';

/** Chat with a model: mentions, follow-ups in their threads, direct messages. */
export const modelRole =
  (options: ModelRoleOptions): BotRole =>
  (role) => {
    const { store, feed, jobs, rules } = options;
    const giveTurns = createGiveTurns({ answers: store.answers, jobs, running: rules.limits.running });
    registerQuestions(role, options, createChangedQuestions(role, { store, feed, giveTurns }));
    registerAnswerControls(role, options);
    registerAnswerFeedback(role, options);
    registerStop(role, { store, feed, giveTurns });
    registerSettingsForm(role, options);
    registerPrompts(role, options);
    // The search app is no member of this app's direct messages: there this app shows results itself.
    if (options.searchApp !== null && options.searchApp !== role.app.name) {
      registerReactions(role, options, 'direct');
      registerResults(role, options);
    }
  };

const noFiles: ReadFiles = { files: [], declined: [] };

const registerQuestions = (role: RoleContext, options: ModelRoleOptions, questions: ChangedQuestions): void => {
  const { bolt, app, access, handling, logger } = role;
  const { store, model, pdf } = options;
  const desk = createDesk(options, role);
  const notice = createNotice({ store, logger });

  const receive = async (
    event: IncomingMessage,
    team: string,
    self: string,
    client: WebClient,
    claim: { readonly kind: 'question' | 'retry'; readonly ts: string } = { kind: 'question', ts: event.ts },
  ): Promise<void> => {
    const question = readQuestion(event, { userId: self });
    if (question === null) return;
    const { channel, threadTs, ts, text, grounded, user } = question;
    const place = { team, app: app.name, channel, threadTs, user };
    // All at once, with what the door will ask for: a person waits for the first word.
    const [asked, locale, settings] = await Promise.all([
      question.followUp ? store.answers.lastApp(team, channel, threadTs) : app.name,
      access.localeOf(user),
      settingsOfThread(store, place, { grounded }),
      options.settings.of(team).catch(() => undefined),
    ]);
    if (asked !== app.name) return;
    const texts = textsFor(locale);
    const whisper = (said: string): Promise<unknown> =>
      client.chat.postEphemeral({ channel, user, text: said, ...(threadTs === ts ? {} : { thread_ts: threadTs }) });
    // Said once: a mention in a channel comes as `message` too.
    const tells = event.type === 'app_mention' || event.channel_type === 'im' || question.followUp;
    if (text === '' && question.files.length === 0) {
      if (tells) await whisper(texts.answer.emptyMention(`<@${self}>`));
      return;
    }
    const { files, declined } =
      question.files.length > 0 ? await readFiles(question.files, { client, pdf, logger }) : noFiles;
    if (declined.length > 0 && tells) {
      await whisper(texts.files.declined(declined.map(({ name, why }) => ({ name: inlineText(name, 60), why }))));
    }
    if (text === '' && files.length === 0) return;
    const answer = {
      ...place,
      model,
      locale,
      questionTs: ts,
      question: text || texts.files.question,
      settings,
      files: files.length > 0 ? files : null,
    };
    const { fresh, refusal } = await desk.ask(claim.kind, claim.ts, answer);
    if (!fresh) return;
    if (refusal) return tellRefusal(refusal, { ...place, client, inbox: store.inbox, texts });
    await notice({ team, user, locale }, whisper);
  };

  const handle = async (
    event: IncomingMessage,
    context: { readonly teamId?: string; readonly botUserId?: string },
    client: WebClient,
  ): Promise<void> => {
    const { user = '', channel, ts, thread_ts } = event;
    // A failure too is told once; what comes as `message` alone has no other event to tell it.
    const tell = (text: string): Promise<unknown> =>
      client.chat.postEphemeral({ channel, user, text, ...(thread_ts && thread_ts !== ts ? { thread_ts } : {}) });
    const mentionToo =
      event.type === 'message' && (event.text ?? '').includes(`<@${context.botUserId}`) && event.channel_type !== 'im';
    await handling.run({ name: event.type, user, ...(mentionToo ? {} : { tell }) }, () =>
      receive(event, teamOf(context), context.botUserId ?? '', client),
    );
  };

  const handleChange = async (
    event: ChangeEvent,
    context: { readonly teamId?: string; readonly botUserId?: string },
    client: WebClient,
  ): Promise<void> => {
    const user = event.message?.user ?? event.previous_message?.user ?? '';
    // It was no action of its own: where it fails, the log says so.
    await handling.run({ name: event.subtype, user }, () => {
      const [team, self] = [teamOf(context), context.botUserId ?? ''];
      const ask: ChangedIn['ask'] = (message, claim) => receive(message, team, self, client, claim);
      return questions.changed(event, { team, self, client, ask });
    });
  };

  bolt.event('app_mention', ({ event, context, client }) => handle(event as IncomingMessage, context, client));
  bolt.event('message', ({ event, context, client }) =>
    event.subtype === 'message_changed' || event.subtype === 'message_deleted'
      ? handleChange(event as unknown as ChangeEvent, context, client)
      : handle(event as IncomingMessage, context, client),
  );
};
