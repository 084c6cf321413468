import type { SlackClient, SlackReply } from '../slack/client-policy.ts';
import type { Logger } from '../telemetry/log.ts';
import type { HeldDelivery } from './held-delivery.ts';

export interface FindPostedOptions {
  /** Repeats a call until Slack has taken or refused it. */
  readonly call: <Data>(send: () => Promise<SlackReply<Data>>) => Promise<SlackReply<Data>>;
  readonly client: SlackClient;
  readonly held: HeldDelivery;
  readonly channel: string;
  readonly threadTs: string;
  readonly after: string;
  readonly id: string;
  /** Which message of the delivery, or the one that chat.startStream may have made (it takes no metadata). */
  readonly index: number | 'stream';
  readonly isKnown: (ts: string) => Promise<boolean>;
  readonly logger: Logger;
}

interface ThreadMessage {
  readonly ts?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: object };
}

const pageSize = 200;

/**
 * The ts of a message of ours in the thread whose post had no reply, or whose pump died before it saved what it had
 * posted. A posted message carries its delivery's id as metadata. A native stream carries nothing: it is the newest
 * own message after the question that has no metadata and belongs to no delivery.
 *
 * @returns null when there is none, or when Slack does not let us look
 */
export const findPosted = async ({
  call,
  client,
  held,
  channel,
  threadTs,
  after,
  id,
  index,
  isKnown,
  logger,
}: FindPostedOptions): Promise<string | null> => {
  const { signal } = held;
  const self = await call(() => client.call('auth.test', async () => ({}), { signal }));
  if (!self.ok) return null;
  const isOwn = ({ user, bot_id }: ThreadMessage) =>
    (user !== undefined && user === self.data.user_id) || (bot_id !== undefined && bot_id === self.data.bot_id);

  const own: ThreadMessage[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(() =>
      client.call(
        'conversations.replies',
        async () => ({
          channel,
          ts: threadTs,
          oldest: after,
          limit: pageSize,
          include_all_metadata: true,
          ...(cursor && { cursor }),
        }),
        { signal },
      ),
    );
    if (!page.ok) {
      logger.warn({ id, code: page.failure.code }, 'thread could not be looked through for an earlier post');
      return null;
    }
    const messages: readonly ThreadMessage[] = page.data.messages ?? [];
    own.push(...messages.filter((message) => isOwn(message) && Number(message.ts) > Number(after)));
    cursor = page.data.response_metadata?.next_cursor || undefined;
  } while (cursor);

  if (index !== 'stream') {
    const posted = own.find(({ metadata }) => {
      const payload = metadata?.event_payload as { id?: unknown; index?: unknown } | undefined;
      return metadata?.event_type === 'tenkyo_delivery' && payload?.id === id && payload.index === index;
    });
    return posted?.ts ?? null;
  }
  for (const { ts, metadata } of own.reverse()) {
    if (ts && !metadata?.event_type && !(await isKnown(ts))) return ts;
  }
  return null;
};
