import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Feed, FeedEvent } from './feed.ts';
import { createStreamReader } from './stream-reader.ts';

export interface RedisFeedOptions {
  /** Of use `commands`; its owner closes it. */
  readonly commands: RedisClient;
  /** Of use `blocking`, for this feed alone, which closes it. */
  readonly blocking: RedisClient;
  /** Begins every key. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Events kept of a topic, about; older ones are dropped and a late reader sees a gap in `seq`. */
  readonly keepEvents?: number;
  /** How long a topic is kept after its last event. */
  readonly keepMs?: number;
}

/**
 * One step, so that of two runs of a job none can slip in behind the other: adds the event unless a later attempt has
 * published and has not finished.
 */
const append = `
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last then
  local field = {}
  for i = 1, #last[2], 2 do field[last[2][i]] = last[2][i + 1] end
  if field.type ~= 'finished' and tonumber(field.attempt) > tonumber(ARGV[2]) then return false end
end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', 'type', ARGV[1], 'attempt', ARGV[2], 'event', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return id`;

const publishWithinMs = 2_000;

/**
 * The feed between processes: a Redis Stream a topic, in one slot of a cluster. All readers of a process share one
 * waiting connection. It is a hint for speed, so a server that is away costs events and no more: publishing never fails.
 */
export const createRedisFeed = ({
  commands,
  blocking,
  prefix,
  clock,
  logger,
  keepEvents = 4_096,
  keepMs = 60_000,
}: RedisFeedOptions): Feed => {
  const keyOf = (topic: string): string => `{${prefix}}:feed:${topic}`;
  const reader = createStreamReader({
    commands,
    blocking,
    wakeKey: keyOf(`~${randomUUID()}`),
    clock,
    logger,
  });

  return {
    publish: async (topic, event) => {
      const { type, attempt } = event;
      const sent = commands.eval(append, 1, keyOf(topic), type, attempt, JSON.stringify(event), keepEvents, keepMs);
      const waiting = new AbortController();
      try {
        const late = clock.sleep(publishWithinMs, waiting.signal).then(
          () => logger.warn({ topic, type }, 'event published late'),
          () => undefined,
        );
        await Promise.race([sent, late]);
      } catch (error) {
        logger.warn({ err: error, topic, type }, 'event not published');
      } finally {
        waiting.abort();
        sent.catch(() => undefined);
      }
    },

    async *read(topic, { after = '0-0', signal }) {
      for await (const { id, fields } of reader.follow(keyOf(topic), after, signal)) {
        const event = JSON.parse(fields.get('event') ?? 'null') as FeedEvent | null;
        if (event === null) continue;
        yield { id, event };
        if (event.type === 'finished') return;
      }
    },

    close: () => reader.close(),
  };
};
