import type { Clock } from '../clock.ts';

/** How often a method may be called: Slack's tiers (https://docs.slack.dev/apis/web-api/rate-limits), by workspace. */
export interface MethodLimit {
  readonly perMinute: number;
  /** Calls that may follow each other at once. */
  readonly burst: number;
  /** Of the burst, what only final calls may take: an answer's end must not wait behind others' live text. */
  readonly reserve: number;
}

const tier2: MethodLimit = { perMinute: 20, burst: 10, reserve: 0 };
/** Half is for ends: as many answers as stream at once may all end at once. */
const tier3: MethodLimit = { perMinute: 50, burst: 20, reserve: 10 };
const tier4: MethodLimit = { perMinute: 100, burst: 25, reserve: 0 };

const defaultLimits: Readonly<Record<string, MethodLimit>> = {
  // A workspace-wide cap exists without a published number.
  'chat.postMessage': { perMinute: 200, burst: 20, reserve: 5 },
  'chat.update': tier3,
  'agents.sessions.setStatus': tier3,
  'chat.startStream': tier2,
  'chat.appendStream': tier4,
  'chat.stopStream': tier2,
};
/** Posting: about one a second in a channel, short bursts allowed. */
const inChannel: MethodLimit = { perMinute: 60, burst: 4, reserve: 1 };

export type Priority = 'final' | 'live';

interface Turn {
  readonly method: string;
  /** For chat.postMessage. */
  readonly channel?: string;
  readonly priority: Priority;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** Longest wait; no turn is given after it. */
  readonly patienceMs?: number;
}

export interface Pacer {
  /** Resolves true when the call may be sent, false when the wait was ended. */
  turn(turn: Turn): Promise<boolean>;
  /** After a 429: this method alone waits. */
  pause(method: string, ms: number): void;
}

/** Tokens that come back over time: `burst` at most. */
class Bucket {
  readonly limit: MethodLimit;
  pausedUntil = 0;
  #tokens: number;
  #at: number;

  constructor(limit: MethodLimit, now: number) {
    this.limit = limit;
    this.#tokens = limit.burst;
    this.#at = now;
  }

  /** Milliseconds until a call of this priority may go; 0: now. */
  wait(now: number, priority: Priority): number {
    const { perMinute, burst, reserve } = this.limit;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) * perMinute) / 60_000);
    this.#at = now;
    const missing = (priority === 'final' ? 1 : 1 + reserve) - this.#tokens;
    return Math.max(this.pausedUntil - now, Math.ceil((missing * 60_000) / perMinute), 0);
  }

  take(): void {
    this.#tokens -= 1;
  }

  get full(): boolean {
    return this.#tokens >= this.limit.burst;
  }
}

/** One workspace's budget of one app, shared by all that write with its token. */
export const createPacer = (clock: Clock, limits: Readonly<Record<string, MethodLimit>> = defaultLimits): Pacer => {
  const methods = new Map<string, Bucket>();
  const channels = new Map<string, Bucket>();

  const bucket = (buckets: Map<string, Bucket>, key: string, limit: MethodLimit): Bucket => {
    const known = buckets.get(key);
    if (known) return known;
    const fresh = new Bucket(limit, clock.now());
    buckets.set(key, fresh);
    return fresh;
  };
  const forgetQuietChannels = () => {
    if (channels.size < 1_000) return;
    for (const [key, { full }] of channels) if (full) channels.delete(key);
  };

  return {
    turn: async ({ method, channel, priority, signal, patienceMs = Number.POSITIVE_INFINITY }) => {
      const until = clock.now() + patienceMs;
      const buckets = [bucket(methods, method, limits[method] ?? tier3)];
      if (method === 'chat.postMessage' && channel) {
        forgetQuietChannels();
        buckets.push(bucket(channels, channel, inChannel));
      }
      for (;;) {
        if (signal?.aborted) return false;
        const now = clock.now();
        const wait = Math.max(...buckets.map((each) => each.wait(now, priority)));
        if (wait === 0) {
          for (const each of buckets) each.take();
          return true;
        }
        if (now + wait > until) return false;
        await clock.sleep(wait, signal).catch(() => {});
      }
    },
    pause: (method, ms) => {
      const each = bucket(methods, method, limits[method] ?? tier3);
      each.pausedUntil = Math.max(each.pausedUntil, clock.now() + ms);
    },
  };
};
