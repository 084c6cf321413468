import type { KnownBlock } from '@slack/types';
import type { Clock } from '../clock.ts';
import { TenkyoError } from '../errors.ts';
import type { SlackClient } from '../slack/client-policy.ts';
import { safeMarkdown } from '../slack/escape.ts';
import type { HeldDelivery } from './held-delivery.ts';
import type { LiveText } from './live-text.ts';
import type { Presenter } from './presenter.ts';
import { contentRefused, noStreaming } from './slack-codes.ts';
import type { ThreadWriter } from './thread-writer.ts';

export interface LiveMessageOptions {
  readonly held: HeldDelivery;
  readonly writer: ThreadWriter;
  readonly client: SlackClient;
  readonly presenter: Presenter;
  readonly clock: Clock;
  /** Whom native streaming is for. */
  readonly user: string;
  /** Shared by all deliveries of a workspace's app: whether native streaming is worth a try. */
  readonly streaming: { off: boolean };
  /** Slack has a Stop of its own beside it. */
  readonly stoppable: () => Promise<boolean>;
  /** Runs alone among the deliveries of one thread: a stream without a saved ts must not be taken for another's. */
  readonly alone: (run: () => Promise<void>) => Promise<void>;
}

/** What goes with the end of a native stream. */
interface LastOfStream {
  readonly session?: 'active' | undefined;
  readonly live?: LiveText | undefined;
}

/** Shows text as it comes. What it shows may be late or incomplete: the end is written from the record. */
export interface LiveMessage {
  /** Shows the newest text; `ended` aborts when there is no more use in it. False: there was nothing to show. */
  show(live: LiveText, ended: AbortSignal): Promise<boolean>;
  /** Milliseconds to the next write, for a text that reads as flowing and a budget that lasts. */
  readonly pauseMs: number;
  /**
   * Ends a native stream, so that the message can be edited; with the agent's session, and with what is missing of the
   * live text. True: both the stream and the session have ended.
   */
  endStream(last?: LastOfStream): Promise<boolean>;
}

const appendEveryMs = 400;
const editEveryMs = 1_300;
/** Slack ends a stream after about 5 minutes, and a message holds 12,000 characters. */
const longestStreamMs = 4.5 * 60_000;
const longestText = 11_500;

/** Where to cut a text that is too long for one message: at a line's end when there is one near, never inside a pair. */
const cutAt = (text: string, limit: number): number => {
  const line = text.lastIndexOf('\n', limit - 1);
  if (line > limit * 0.8) return line + 1;
  const before = text.charCodeAt(limit - 1);
  return before >= 0xd800 && before < 0xdc00 ? limit - 1 : limit;
};

export const createLiveMessage = ({
  held,
  writer,
  client,
  presenter,
  clock,
  user,
  streaming,
  stoppable,
  alone,
}: LiveMessageOptions): LiveMessage => {
  const { channel, threadTs, team } = held.row;
  /** The native stream that this pump began: what it has been sent. Another's is ended, not continued. */
  let stream: { sent: number; attempt: number; startedAt: number } | null = null;
  let attempt = 0;
  let part = 0;
  let partStart = 0;
  /** Slack refuses the partial content: the final message will do. */
  let mute = false;

  const lastTs = () => held.row.messages.at(-1);
  const saveShown = ({ attempt: shownAttempt, seq: shownSeq }: Pick<LiveText, 'attempt' | 'seq'>) =>
    held.save({ status: 'streaming', shownAttempt, shownSeq });
  const savePosted = (shown: Pick<LiveText, 'attempt' | 'seq'>, ts: string, nativeStream: boolean) =>
    held.save({
      status: 'streaming',
      shownAttempt: shown.attempt,
      shownSeq: shown.seq,
      messages: [...held.row.messages, ts],
      nativeStream,
    });

  /** What the stream lacks of the text; empty too where that is unknown or too long: an edit brings it. */
  const missingOf = (live: LiveText | undefined): string => {
    if (stream === null || live === undefined || live.gap || live.attempt !== stream.attempt) return '';
    const escaped = safeMarkdown(live.text);
    return escaped.length > longestText ? '' : escaped.slice(stream.sent);
  };
  const endStream = async ({ session, live }: LastOfStream = {}): Promise<boolean> => {
    const rest = missingOf(live);
    stream = null;
    const ts = lastTs();
    if (!held.row.nativeStream || ts === undefined) return false;
    const ended = await writer.stopStream(ts, { session, rest });
    await held.save({ nativeStream: false });
    return ended && session !== undefined;
  };
  /** Our own Stop, where Slack shows none. */
  const stopControl = async (): Promise<readonly KnownBlock[]> =>
    presenter.stopControl && !(await stoppable()) ? presenter.stopControl(held.row) : [];

  /** True when the stream stands, or a lost one was found. */
  const startStream = async (text: string, live: LiveText, ended: AbortSignal): Promise<boolean> => {
    const shown = { attempt: live.attempt, seq: live.seq };
    const control = await stopControl();
    const markdown = safeMarkdown(text);
    const reply = await client.call(
      'chat.startStream',
      async () => {
        await held.check();
        return {
          channel,
          thread_ts: threadTs,
          recipient_user_id: user,
          recipient_team_id: team,
          ...(control.length === 0
            ? { markdown_text: markdown }
            : {
                chunks: [
                  { type: 'blocks' as const, blocks: [...control] },
                  { type: 'markdown_text' as const, text: markdown },
                ],
              }),
        };
      },
      // Slack allows few streams a minute: where there is no turn now, a post shows the first words without them.
      { priority: 'live', signal: AbortSignal.any([held.signal, ended]), patienceMs: 0 },
    );
    if (reply.ok && reply.data.ts) {
      // What was sent is of the attempt then: a later one may have begun meanwhile.
      stream = { sent: markdown.length, attempt: shown.attempt, startedAt: clock.now() };
      await savePosted(shown, reply.data.ts, true);
      return true;
    }
    if (reply.ok) return false;
    const { kind, code } = reply.failure;
    if (kind === 'refused' && noStreaming.has(code)) streaming.off = true;
    if (kind !== 'ambiguous') return kind === 'withdrawn';
    writer.suspect();
    const ts = await writer.findStream();
    if (ts === null) return false;
    await savePosted({ attempt: shown.attempt, seq: 0 }, ts, true);
    await endStream();
    return true;
  };

  /** False: the stream is over, and an edit must show the text. */
  const append = async (live: LiveText, ended: AbortSignal): Promise<boolean> => {
    const ts = lastTs();
    if (stream === null || ts === undefined) return false;
    const escaped = safeMarkdown(live.text);
    if (escaped.length > longestText || clock.now() - stream.startedAt > longestStreamMs) {
      await endStream();
      return false;
    }
    const delta = escaped.slice(stream.sent);
    if (delta === '') return true;
    const shown = { attempt: live.attempt, seq: live.seq };
    const reply = await client.call(
      'chat.appendStream',
      async () => {
        await held.check();
        return { channel, ts, markdown_text: delta };
      },
      { priority: 'live', signal: AbortSignal.any([held.signal, ended]) },
    );
    if (reply.ok) {
      stream.sent = escaped.length;
      await saveShown(shown);
      return true;
    }
    // Nothing was sent: the next round has it. Anything else may have left the text wrong, and an edit mends that.
    if (reply.failure.kind === 'withdrawn' || reply.failure.kind === 'unreachable') return true;
    await endStream();
    return false;
  };

  const edit = async (live: LiveText, ended: AbortSignal): Promise<void> => {
    const rest = live.text.slice(partStart);
    const tooLong = rest.length > longestText;
    const text = tooLong ? rest.slice(0, cutAt(rest, longestText)) : rest;
    const shown = { attempt: live.attempt, seq: live.seq };
    const written = await presenter.partial(held.row, text);
    const control = written.blocks && !tooLong ? await stopControl() : [];
    const content = control.length > 0 ? { ...written, blocks: [...(written.blocks ?? []), ...control] } : written;
    const ts = held.row.messages[part];
    if (ts === undefined) {
      const posted = await writer.post(part, content, ended);
      if (posted === null) return;
      await savePosted(posted.found ? { attempt: live.attempt, seq: 0 } : shown, posted.ts, false);
    } else {
      const signal = AbortSignal.any([held.signal, ended]);
      const reply = await writer.tryUpdate(ts, content, part, { priority: 'live', signal });
      if (reply.ok) await saveShown(shown);
      else if (reply.failure.kind === 'refused') {
        if (!contentRefused.has(reply.failure.code)) {
          throw new TenkyoError('slack_refused', 'Slack refused chat.update', {
            where: held.row.id,
            found: reply.failure.code,
          });
        }
        mute = true;
      }
    }
    if (!tooLong) return;
    part += 1;
    partStart += text.length;
    if (!mute && !ended.aborted) await edit(live, ended);
  };

  return {
    get pauseMs() {
      return stream ? appendEveryMs : editEveryMs;
    },
    endStream,
    show: async (live, ended) => {
      if (live.attempt !== attempt) {
        attempt = live.attempt;
        part = 0;
        partStart = 0;
      }
      if (mute || live.gap || live.text.trim() === '') return false;
      if (stream?.attempt === live.attempt && (await append(live, ended))) return true;
      // Another attempt's stream, or another pump's: what it shows is unknown.
      if (held.row.nativeStream) await endStream();
      if (held.row.messages.length > 0) {
        await edit(live, ended);
        return true;
      }
      await alone(async () => {
        const native = !streaming.off && !held.takenOver && live.text.length < longestText;
        if (native && (await startStream(live.text, live, ended))) return;
        if (!ended.aborted) await edit(live, ended);
      });
      return true;
    },
  };
};
