import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createMemoryFeed } from '../../src/feed/memory-feed.ts';
import { createRedisFeed } from '../../src/feed/redis-feed.ts';
import { createJobs, type QueueJobs } from '../../src/jobs/create-jobs.ts';
import { createPgliteBackend, type QueueBackend } from '../../src/jobs/pglite-backend.ts';
import { createRedisBackend } from '../../src/jobs/redis-backend.ts';
import { awaitRedis, connectRedis, redisAddress } from '../../src/redis/connect.ts';
import { inspectRedis } from '../../src/redis/findings.ts';
import { createStore } from '../../src/store/create-store.ts';
import { type DirectoryLock, lockDirectory } from '../../src/store/pglite/directory-lock.ts';
import { openPglite } from '../../src/store/pglite/open-pglite.ts';
import { openPostgres } from '../../src/store/postgres/open-postgres.ts';
import type { Store } from '../../src/store/store.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { type Closing, createClosing } from './closing.ts';

/** What is written down, and the queues: in the embedded form one PGlite holds both. */
export interface Records {
  readonly store: Store;
  readonly backend: QueueBackend;
  readonly jobs: QueueJobs;
  readonly feed: Feed;
  /** Last of all, when bots, pumps and workers have ended. */
  close(): Promise<void>;
}

export interface RecordsOptions {
  readonly config: Pick<Config, 'models' | 'redis' | 'database'>;
  /** PGlite's folder, where queues or records are embedded. */
  readonly directory: string;
  /** Of that folder, taken already. */
  readonly lock?: DirectoryLock | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something that works, and that the person who runs it should know. */
  readonly onWarning: (line: string) => void;
}

type Server = Pick<Config, 'redis' | 'database'>;

/** Whether anything that must not have two processes is inside this one. */
export const isEmbedded = ({ redis, database }: Server): boolean => redis === null || database === null;

/** @throws TenkyoError `config_invalid` where queues, feed or records would be one process's own */
export const requireServers = ({ redis, database }: Server, role: string): void => {
  if (!isEmbedded({ redis, database })) return;
  const missing = [redis === null && 'REDIS_URL', database === null && 'DATABASE_URL'].filter(Boolean).join(' and ');
  throw new TenkyoError('config_invalid', `${role} cannot run as a process of its own without the servers it shares`, {
    where: missing,
    expected: 'Redis for queues and feed (REDIS_URL), PostgreSQL for records (DATABASE_URL)',
    found: `nothing in ${missing}`,
    remedy: 'Set them in .env or the environment, or run everything in one process: tenkyo up.',
  });
};

type Queues = Pick<Records, 'backend' | 'feed'>;

const openRedis = async (
  redis: NonNullable<Config['redis']>,
  { clock, logger, onWarning }: RecordsOptions,
  closing: Closing,
): Promise<Queues> => {
  const commands = connectRedis(redis, { use: 'commands', logger });
  closing.add('Redis', () => commands.disconnect());
  await awaitRedis(commands, redis);
  for (const { fatal, found, expected, remedy } of await inspectRedis(commands)) {
    const where = `REDIS_URL (${redisAddress(redis)})`;
    if (fatal) throw new TenkyoError('config_invalid', 'this Redis cannot be used', { where, expected, found, remedy });
    logger.warn({ where, found, expected }, 'Redis setting');
    onWarning(`warning: ${where}: found ${found}, expected ${expected}. ${remedy}`);
  }
  const feed = createRedisFeed({
    commands,
    blocking: connectRedis(redis, { use: 'blocking', logger }),
    prefix: redis.prefix,
    clock,
    logger,
  });
  closing.add('feed', () => feed.close());
  const { backend, close } = createRedisBackend({ config: redis, commands, logger });
  closing.add('queue connections', close);
  return { backend, feed };
};

/** Opens what the configuration names: servers, or PGlite in this process for what no server is named for. */
export const openRecords = async (options: RecordsOptions): Promise<Records> => {
  const { config, directory, clock, logger } = options;
  const { redis, database } = config;
  const closing = createClosing(logger);
  try {
    const embedded = isEmbedded(config)
      ? await openPglite({ directory, lock: options.lock ?? lockDirectory(directory) })
      : null;
    if (embedded) closing.add('database', () => embedded.close());
    const dialect = database ? await openPostgres({ config: database, clock, logger }) : embedded?.dialect;
    if (!dialect) throw new TenkyoError('internal', 'there is no database for the records');
    const store = await createStore({ dialect, clock });
    closing.add('store', () => store.close());
    const openEmbeddedQueues = async (): Promise<Queues> => {
      if (!embedded) throw new TenkyoError('internal', 'there is no database for the queues');
      const feed = createMemoryFeed({ clock });
      closing.add('feed', () => feed.close());
      return { backend: await createPgliteBackend(embedded.pglite), feed };
    };
    const { backend, feed } = redis ? await openRedis(redis, options, closing) : await openEmbeddedQueues();
    const jobs = createJobs({ backend, models: config.models.map(({ name }) => name), clock, logger });
    closing.add('queues', () => jobs.close());
    return { store, backend, jobs, feed, close: () => closing.closeAll() };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
};
