import { createRedisBackend as createBullRedisBackend } from 'bullmq';
import type { RedisConfig } from '../config/config.ts';
import { connectRedis, type RedisClient } from '../redis/connect.ts';
import type { Logger } from '../telemetry/log.ts';
import type { QueueBackend } from './pglite-backend.ts';

export interface RedisBackendOptions {
  readonly config: RedisConfig;
  /** Of use `commands`; all queues share it, and its owner closes it. */
  readonly commands: RedisClient;
  readonly logger: Logger;
}

export interface RedisBackend {
  readonly backend: QueueBackend;
  close(): void;
}

/**
 * The queues in Redis. Those who add share one connection that fails at once when the server is away; each worker has
 * two of its own that wait. Braces in the prefix keep all keys on one node of a cluster, as BullMQ's scripts need.
 */
export const createRedisBackend = ({ config, commands, logger }: RedisBackendOptions): RedisBackend => {
  // Never connects: BullMQ makes each worker's connections after its likeness.
  const likeness = connectRedis(config, { use: 'blocking', logger, lazy: true });
  return {
    backend: (name, options, extra) => {
      const redisOptions = {
        ...options,
        connection: extra?.blocking || extra?.withBlockingConnection ? likeness : commands,
        prefix: `{${config.prefix}}`,
        // Version and memory policy are looked at once for all, at the start.
        skipVersionCheck: true,
      };
      return createBullRedisBackend(name, redisOptions, extra);
    },
    close: () => likeness.disconnect(),
  };
};
