import type { Clock } from '../clock.ts';
import { TenkyoError } from '../errors.ts';
import type { CallOptions, SlackClient, SlackReply } from '../slack/client-policy.ts';
import { UPDATE_TEXT } from '../slack/limits.ts';
import type { Logger } from '../telemetry/log.ts';
import { findPosted } from './find-posted.ts';
import type { HeldDelivery } from './held-delivery.ts';
import type { MessageContent } from './presenter.ts';
import { contentRefused } from './slack-codes.ts';

export interface ThreadWriterOptions {
  readonly held: HeldDelivery;
  readonly client: SlackClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Messages older than this ts are none of ours. */
  readonly after: string;
  /** Whether a delivery has the message. */
  readonly isKnown: (ts: string) => Promise<boolean>;
  /** Shared by all deliveries of a workspace's app: whether it has refused blocks that have a simpler form. */
  readonly refusals: { simple?: boolean };
}

interface Posted {
  readonly ts: string;
  /** An earlier post was found instead: its content may be anything. */
  readonly found: boolean;
}

/** The Slack writes of one delivery: each checked against the lease, and none that may be done twice sent blindly. */
export interface ThreadWriter {
  /** Posts the message with this index, or finds it where an earlier attempt may have posted it. */
  post(index: number, content: MessageContent): Promise<Posted>;
  /** As live text, which waits behind final posts; null when `ended` aborted before its turn. */
  post(index: number, content: MessageContent, ended: AbortSignal): Promise<Posted | null>;
  /** Repeated until it holds. */
  update(ts: string, content: MessageContent, index: number): Promise<void>;
  /** Once; false when it did not work. */
  tryUpdate(ts: string, content: MessageContent, index: number, options: CallOptions): Promise<SlackReply<object>>;
  remove(ts: string): Promise<void>;
  /** Looks for the message that a lost startStream may have made. */
  findStream(): Promise<string | null>;
  /**
   * Ends a native stream, and with it the agent's session where that is said; `rest`: its last text.
   * False: it had ended already.
   */
  stopStream(ts: string, last?: { readonly session?: 'active' | undefined; readonly rest?: string }): Promise<boolean>;
  /** From now on an earlier post is looked for before another is made. */
  suspect(): void;
}

const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** Nothing in a message may make links or mentions that we did not write. */
const quiet = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;

export const createThreadWriter = ({
  held,
  client,
  clock,
  logger,
  after,
  isKnown,
  refusals,
}: ThreadWriterOptions): ThreadWriter => {
  const { id, kind: deliveryKind, channel, threadTs } = held.row;
  let suspicious = held.takenOver;

  const guarded =
    <Args>(args: Args) =>
    async (): Promise<Args> => {
      await held.check();
      return args;
    };
  const pause = (attempt: number) => clock.sleep(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs), held.signal);
  const refused = (method: string, code: string): never => {
    throw new TenkyoError('slack_refused', `Slack refused ${method}`, { where: id, found: code });
  };

  /** Sends a call that may be repeated until Slack has taken or refused it. */
  const insist = async <Data>(send: () => Promise<SlackReply<Data>>): Promise<SlackReply<Data>> => {
    for (let attempt = 0; ; attempt++) {
      const reply = await send();
      held.signal.throwIfAborted();
      if (reply.ok || reply.failure.kind === 'refused') return reply;
      logger.info({ id, code: reply.failure.code, kind: reply.failure.kind }, 'Slack call repeated');
      await pause(attempt);
    }
  };

  // The event_type is ours alone: other messages of the app are told apart by it.
  const metadata = (index: number) => ({ event_type: 'tenkyo_delivery', event_payload: { id, index } });
  const body = ({ text, blocks, simpler }: MessageContent) => {
    const shown = refusals.simple && simpler ? simpler : blocks;
    return { text, ...(shown && { blocks: [...shown] }), ...quiet };
  };
  /** What may pass where this content was refused. */
  const easier = ({ text, simpler }: MessageContent, code: string): MessageContent => {
    if (simpler && !refusals.simple) {
      refusals.simple = true;
      logger.warn({ id, code }, 'blocks refused by Slack; simpler ones from now on');
      return { text, blocks: simpler };
    }
    logger.error({ id, code }, 'blocks refused by Slack; sent as plain text');
    return { text: text.slice(0, UPDATE_TEXT) };
  };
  const find = (index: number | 'stream') =>
    findPosted({ call: insist, client, held, channel, threadTs, after, id, index, isKnown, logger });

  const postOnce = (index: number, content: MessageContent, ended: AbortSignal | undefined) =>
    client.call(
      'chat.postMessage',
      guarded({ channel, thread_ts: threadTs, ...body(content), metadata: metadata(index) }),
      ended
        ? { channel, priority: 'live', signal: AbortSignal.any([held.signal, ended]) }
        : { channel, signal: held.signal },
    );
  const tryUpdate = (ts: string, content: MessageContent, index: number, options: CallOptions) =>
    client.call('chat.update', guarded({ channel, ts, ...body(content), metadata: metadata(index) }), options);

  const stopStream: ThreadWriter['stopStream'] = async (ts, { session, rest = '' } = {}) => {
    const ending = { ...(session && { session_status: session }), ...(rest !== '' && { markdown_text: rest }) };
    const args = { channel, ts, ...ending };
    const reply = await insist(() => client.call('chat.stopStream', guarded(args), { signal: held.signal }));
    return reply.ok;
  };

  async function post(index: number, content: MessageContent): Promise<Posted>;
  async function post(index: number, content: MessageContent, ended?: AbortSignal): Promise<Posted | null>;
  async function post(index: number, content: MessageContent, ended?: AbortSignal): Promise<Posted | null> {
    for (let attempt = 0; ; attempt++) {
      if (suspicious) {
        const earlier = await find(index);
        if (earlier !== null) return { ts: earlier, found: true };
        const stream = index === 0 && deliveryKind === 'answer' ? await find('stream') : null;
        if (stream !== null) {
          await stopStream(stream);
          return { ts: stream, found: true };
        }
      }
      const reply = await postOnce(index, content, ended);
      held.signal.throwIfAborted();
      if (reply.ok) return { ts: reply.data.ts ?? '', found: false };
      const { kind, code } = reply.failure;
      if (kind === 'refused') {
        if (!content.blocks || !contentRefused.has(code)) return refused('chat.postMessage', code);
        return post(index, easier(content, code), ended);
      }
      if (kind === 'withdrawn') return null;
      suspicious ||= kind === 'ambiguous';
      logger.info({ id, code, kind }, 'post without a reply');
      await pause(attempt);
    }
  }

  const update = async (ts: string, content: MessageContent, index: number, streamEnded = false): Promise<void> => {
    const reply = await insist(() => tryUpdate(ts, content, index, { signal: held.signal }));
    if (reply.ok) return;
    const { code } = reply.failure;
    if (code === 'streaming_state_conflict' && !streamEnded) {
      await stopStream(ts);
      return update(ts, content, index, true);
    }
    if (!content.blocks || !contentRefused.has(code)) return refused('chat.update', code);
    return update(ts, easier(content, code), index);
  };

  return {
    post,
    update,
    tryUpdate,
    remove: async (ts) => {
      await insist(() => client.call('chat.delete', guarded({ channel, ts }), { signal: held.signal }));
    },
    findStream: () => find('stream'),
    stopStream,
    suspect: () => {
      suspicious = true;
    },
  };
};
