import type { WebClient } from '@slack/web-api';
import { cleanMessage } from '../../src/chat/clean-message.ts';
import type { SearchRefusals } from '../../src/i18n/search-refusals.ts';
import type { SearchQuery } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';

/** A message that was asked about. */
interface FoundMessage {
  readonly query: SearchQuery;
  readonly threadTs: string;
  /** The message that stands for it: the first one of a long answer, whichever was pointed at. */
  readonly ts: string;
}

type Finding = FoundMessage | { readonly refusal: keyof SearchRefusals; readonly threadTs: string | null };

export interface MessagePointer {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
}

/** Messages made of blocks alone have no text of their own. */
const textOfBlocks = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(textOfBlocks);
  if (typeof value !== 'object' || value === null) return [];
  const { text, elements, fields } = value as Readonly<Record<string, unknown>>;
  return [
    ...(typeof text === 'string' ? [text] : textOfBlocks(text)),
    ...textOfBlocks(fields),
    ...textOfBlocks(elements),
  ];
};

const refusedBecauseAbsent = new Set(['not_in_channel', 'channel_not_found', 'missing_scope', 'no_permission']);

/** The code of an error that Slack answered with; null: it is no such error. */
export const slackCode = (error: unknown): string | null => {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : null;
  return typeof data === 'object' && data !== null && 'error' in data && typeof data.error === 'string'
    ? data.error
    : null;
};

export interface MessageFinder {
  find(client: WebClient, pointer: MessagePointer): Promise<Finding>;
}

/**
 * What a message says: an answer of ours whole from the store, with its question and model; anybody's else from Slack.
 * `conversations.replies` finds roots and replies alike; `conversations.history` would miss replies.
 */
export const createMessageFinder = ({
  answers,
  searches,
  deliveries,
}: Pick<Store, 'answers' | 'searches' | 'deliveries'>): MessageFinder => ({
  find: async (client, { team, channel, ts }) => {
    const answer = await answers.byMessage(team, channel, ts);
    if (answer !== null) {
      const { threadTs, question, model, text, status } = answer;
      if (status === 'queued' || status === 'running') return { refusal: 'stillWriting', threadTs };
      if (text.trim() === '') return { refusal: 'failedAnswer', threadTs };
      const first = (await deliveries.get(answer.id))?.messages[0] ?? ts;
      return { query: { text, question, model }, threadTs, ts: first };
    }
    const search = await searches.byMessage(team, channel, ts);
    if (search !== null) return { refusal: 'ownResult', threadTs: search.threadTs };

    try {
      const { messages } = await client.conversations.replies({ channel, ts, limit: 1, inclusive: true });
      const message = messages?.find((one) => one.ts === ts);
      const threadTs = message?.thread_ts ?? ts;
      const text = cleanMessage(message?.text?.trim() || textOfBlocks(message?.blocks).join('\n'));
      return text === ''
        ? { refusal: 'noText', threadTs }
        : { query: { text, question: null, model: null }, threadTs, ts };
    } catch (error) {
      const code = slackCode(error);
      if (code !== null && refusedBecauseAbsent.has(code)) return { refusal: 'notInChannel', threadTs: null };
      if (code === 'thread_not_found' || code === 'message_not_found') return { refusal: 'noText', threadTs: null };
      throw error;
    }
  },
});
