import type { Clock } from '../clock.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Logger } from '../telemetry/log.ts';

export interface StreamReaderOptions {
  readonly commands: RedisClient;
  readonly blocking: RedisClient;
  /** A stream of this reader's own, in the slot of the others: an entry in it ends a wait when there is a new topic. */
  readonly wakeKey: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface StreamEntry {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Follows many Redis Streams over one connection. */
export interface StreamReader {
  /** Entries after the id, those kept and then as they come, until the signal aborts or the reader closes. */
  follow(key: string, after: string, signal: AbortSignal): AsyncGenerator<StreamEntry, void>;
  close(): Promise<void>;
}

interface Follower {
  readonly key: string;
  last: string;
  readonly entries: StreamEntry[];
  wake: () => void;
}

type Reply = [key: string, entries: [id: string, fields: string[]][]][] | null;

/** Less than the silence after which the connection counts as dead. */
const blockMs = 4_000;
const mostAtOnce = 500;
const pauseMs = 500;
const wakeKeptMs = 60_000;

const entryOf = ([id, flat]: [string, string[]]): StreamEntry => {
  const fields = new Map<string, string>();
  for (let at = 0; at + 1 < flat.length; at += 2) fields.set(flat[at] as string, flat[at + 1] as string);
  return { id, fields };
};

/** Ids are `milliseconds-number`, of different lengths. */
const isAfter = (a: string, b: string): boolean => {
  const [ams = '0', an = '0'] = a.split('-');
  const [bms = '0', bn = '0'] = b.split('-');
  return BigInt(ams) === BigInt(bms) ? BigInt(an) > BigInt(bn) : BigInt(ams) > BigInt(bms);
};

const least = (ids: readonly string[]): string => ids.reduce((a, b) => (isAfter(a, b) ? b : a));

export const createStreamReader = ({
  commands,
  blocking,
  wakeKey,
  clock,
  logger,
}: StreamReaderOptions): StreamReader => {
  const followers = new Set<Follower>();
  const closing = new AbortController();
  let loop: Promise<void> | null = null;
  let woken = '0-0';

  const wait = async (): Promise<void> => {
    const keys = [...new Set([...followers].map(({ key }) => key))];
    // Two readers of one topic may stand at different places: the later one drops what it has.
    const ids = keys.map((key) => least([...followers].flatMap((one) => (one.key === key ? [one.last] : []))));
    const reply = (await blocking.xread(
      'COUNT',
      mostAtOnce,
      'BLOCK',
      blockMs,
      'STREAMS',
      wakeKey,
      ...keys,
      woken,
      ...ids,
    )) as Reply;
    for (const [key, entries] of reply ?? []) {
      if (key === wakeKey) woken = entries.at(-1)?.[0] ?? woken;
      for (const follower of followers) {
        if (follower.key !== key) continue;
        for (const raw of entries) {
          if (!isAfter(raw[0], follower.last)) continue;
          follower.last = raw[0];
          follower.entries.push(entryOf(raw));
        }
        follower.wake();
      }
    }
  };

  const run = async (): Promise<void> => {
    while (followers.size > 0 && !closing.signal.aborted) {
      try {
        await wait();
      } catch (error) {
        if (closing.signal.aborted) return;
        logger.warn({ err: error }, 'the feed could not be read; it goes on where it was');
        await clock.sleep(pauseMs, closing.signal).catch(() => undefined);
      }
    }
  };
  const ensureRunning = (): void => {
    loop ??= run().finally(() => {
      loop = null;
      if (followers.size > 0 && !closing.signal.aborted) ensureRunning();
    });
  };
  const interrupt = async (): Promise<void> => {
    await commands.xadd(wakeKey, 'MAXLEN', 1, '*', 'new', '1');
    await commands.pexpire(wakeKey, wakeKeptMs);
  };

  return {
    async *follow(key, after, signal) {
      const follower: Follower = { key, last: after, entries: [], wake: () => undefined };
      const stop = AbortSignal.any([signal, closing.signal]);
      const ended = (): void => follower.wake();
      if (stop.aborted) return;
      stop.addEventListener('abort', ended);
      followers.add(follower);
      const mustInterrupt = loop !== null;
      ensureRunning();
      // What cannot be interrupted ends by itself a little later.
      if (mustInterrupt) interrupt().catch(() => undefined);
      try {
        while (!stop.aborted) {
          const entry = follower.entries.shift();
          if (entry) yield entry;
          else {
            await new Promise<void>((resolve) => {
              follower.wake = resolve;
              if (follower.entries.length > 0 || stop.aborted) resolve();
            });
          }
        }
      } finally {
        stop.removeEventListener('abort', ended);
        followers.delete(follower);
      }
    },
    close: async () => {
      closing.abort();
      blocking.disconnect();
      await loop;
    },
  };
};
