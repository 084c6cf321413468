import {
  type AgentsSessionsSetStatusArguments,
  type AuthTestResponse,
  type ChatAppendStreamArguments,
  type ChatDeleteArguments,
  type ChatPostMessageArguments,
  type ChatPostMessageResponse,
  type ChatStartStreamArguments,
  type ChatStartStreamResponse,
  type ChatStopStreamArguments,
  type ChatUpdateArguments,
  type ConversationsRepliesArguments,
  type ConversationsRepliesResponse,
  type LogLevel,
  WebClient,
} from '@slack/web-api';
import type { Clock } from '../clock.ts';
import type { Logger } from '../telemetry/log.ts';
import { type SlackFailure, toFailure } from './client-failure.ts';
import { meteredFetch, type SlackMeter } from './metered-fetch.ts';
import { createPacer, type MethodLimit, type Priority } from './pacer.ts';

export interface SlackClientOptions {
  readonly token: string;
  /** null: Slack's own. */
  readonly slackApiUrl: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Instead of Slack's tiers. */
  readonly limits?: Readonly<Record<string, MethodLimit>>;
  /** Until an answer counts as lost. */
  readonly timeoutMs?: number;
  readonly meter?: SlackMeter;
}

/** The methods that the product calls in its own time; what answers an event goes by Bolt's client. */
interface SlackMethods {
  'auth.test': [Record<string, never>, AuthTestResponse];
  'agents.sessions.setStatus': [AgentsSessionsSetStatusArguments, object];
  'assistant.threads.setStatus': [{ channel_id: string; thread_ts: string; status: string }, object];
  'chat.postMessage': [ChatPostMessageArguments, ChatPostMessageResponse];
  'chat.update': [ChatUpdateArguments, object];
  'chat.delete': [ChatDeleteArguments, object];
  'chat.startStream': [ChatStartStreamArguments, ChatStartStreamResponse];
  'chat.appendStream': [ChatAppendStreamArguments, object];
  'chat.stopStream': [ChatStopStreamArguments, object];
  'conversations.replies': [ConversationsRepliesArguments, ConversationsRepliesResponse];
}

export type SlackReply<Data> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly failure: SlackFailure };

export interface CallOptions {
  /** For chat.postMessage, which is paced by channel as well. */
  readonly channel?: string;
  /** `live` leaves the last of the budget to others' final calls. */
  readonly priority?: Priority;
  /** Ends the wait for a turn; a call that has been sent is waited for. */
  readonly signal?: AbortSignal;
  /** Longest wait for a turn, also after a 429; then `rate_limited`. */
  readonly patienceMs?: number;
}

export interface SlackClient {
  /**
   * One call, when its turn has come. A 429 waits as long as Slack says, for this method alone, and is sent again:
   * it did nothing. Everything else is sent once; what may have been done is for the caller to find out.
   *
   * @param prepare makes the arguments at the last moment, so that they are the latest; null: send nothing
   */
  call<M extends keyof SlackMethods>(
    method: M,
    prepare: () => Promise<SlackMethods[M][0] | null>,
    options?: CallOptions,
  ): Promise<SlackReply<SlackMethods[M][1]>>;
}

const withdrawn = { ok: false, failure: { kind: 'withdrawn', code: 'withdrawn' } } as const;

/** Slack's SDK logs through pino, at debug: what matters of a failure is logged by whoever called. */
const sdkLogger = (logger: Logger) => {
  const debug = (...parts: unknown[]) => logger.debug(parts.map(String).join(' '));
  return {
    debug: () => {},
    info: debug,
    warn: debug,
    error: debug,
    setLevel: () => {},
    getLevel: () => 'info' as LogLevel,
    setName: () => {},
  };
};

/** A client of the Web API that decides itself when to send and never sends twice by itself. */
export const createSlackClient = ({
  token,
  slackApiUrl,
  clock,
  logger,
  limits,
  timeoutMs = 10_000,
  meter,
}: SlackClientOptions): SlackClient => {
  const pacer = createPacer(clock, limits);
  const web = new WebClient(token, {
    ...(slackApiUrl !== null && { slackApiUrl }),
    // The SDK's own retries would post twice after a lost reply, and its 429 handling stops every other method.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    allowAbsoluteUrls: false,
    fetch: meteredFetch(meter),
    logger: sdkLogger(logger),
  });

  return {
    call: async (method, prepare, { channel, priority = 'final', signal, patienceMs } = {}) => {
      const until = patienceMs === undefined ? undefined : clock.now() + patienceMs;
      const limited = { ok: false, failure: { kind: 'rate_limited', code: 'ratelimited' } } as const;
      for (;;) {
        const patience = until === undefined ? {} : { patienceMs: until - clock.now() };
        const turn = await pacer.turn({ method, channel, priority, signal, ...patience });
        if (!turn) return signal?.aborted ? withdrawn : limited;
        const args = await prepare();
        if (args === null) return withdrawn;
        try {
          return { ok: true, data: await web.apiCall(method, { ...args }) };
        } catch (error) {
          const failure = toFailure(error);
          if (failure.kind !== 'rate_limited') return { ok: false, failure };
          logger.info({ method, retryAfterMs: failure.retryAfterMs }, 'told to wait by Slack');
          pacer.pause(method, failure.retryAfterMs ?? 1_000);
        }
      }
    },
  };
};
