import { cleanMessage } from '../../src/chat/clean-message.ts';
import { readFlags } from '../../src/chat/read-flags.ts';

/** The part of Slack's `message` and `app_mention` events that decides whether and what to answer. */
export interface IncomingMessage {
  readonly type: string;
  readonly subtype?: string;
  readonly channel: string;
  readonly channel_type?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly text?: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly files?: readonly unknown[];
}

export interface Question {
  /** What was asked, cleaned, without flags; empty: nothing but the mention or a file. */
  readonly text: string;
  /** `--grounded`: from the corpus alone, with citations. */
  readonly grounded: boolean;
  readonly user: string;
  readonly channel: string;
  readonly ts: string;
  /** Where the answer goes. */
  readonly threadTs: string;
  /** What came with it, as Slack describes it. */
  readonly files: readonly unknown[];
  /** Nobody was addressed by name: ours only in a thread where this app was asked last. */
  readonly followUp: boolean;
}

/** Messages that people write come without a subtype, or with one of these. */
const writtenByPeople = new Set([undefined, 'file_share', 'thread_broadcast']);

const mentioned = (text: string): string[] =>
  [...text.matchAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g)].map(([, id]) => id ?? '');

/**
 * A question to this app in an event, or null: bots, this app itself, edits and what was said to others are none.
 * The same message may come twice, as `app_mention` and as `message`; both read the same.
 */
export const readQuestion = (event: IncomingMessage, self: { readonly userId: string }): Question | null => {
  const { user, text = '', channel, ts, thread_ts: threadTs } = event;
  if (!writtenByPeople.has(event.subtype) || event.bot_id !== undefined || !user || user === self.userId) return null;

  const mentions = mentioned(text);
  const direct = event.channel_type === 'im';
  const addressed = direct || event.type === 'app_mention' || mentions.includes(self.userId);
  if (!addressed && (threadTs === undefined || mentions.length > 0)) return null;
  const asked = readFlags(cleanMessage(text));
  return {
    text: asked.question,
    grounded: asked.grounded,
    user,
    channel,
    ts,
    threadTs: threadTs ?? ts,
    files: event.files ?? [],
    followUp: !addressed,
  };
};
