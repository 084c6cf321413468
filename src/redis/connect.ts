import { readFileSync } from 'node:fs';
import { Cluster, type CommonRedisOptions, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../config/config.ts';
import { TenkyoError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';

export type RedisClient = Redis | Cluster;

/**
 * What a connection is for: `commands` answers at once or fails, so that nobody waits for a server that is away;
 * `blocking` waits for news for seconds at a time, and for a server that is away for ever.
 */
export type RedisUse = 'commands' | 'blocking';

/**
 * A reply that does not come within this time means a dead peer: a half-open connection gives no other sign. It must
 * be longer than any wait for news (BullMQ's workers wait 5 s).
 */
const silentMs: Record<RedisUse, number> = { commands: 5_000, blocking: 15_000 };
const connectMs = 5_000;
const longestPauseMs = 2_000;

/** Credentials, database and TLS of the URL, which hold for whichever server is meant. */
const accountOf = ({ url, caFile }: RedisConfig) => {
  const { protocol, hostname, username, password, pathname, port } = new URL(url);
  const db = Number(pathname.slice(1) || '0');
  return {
    host: hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: Number(port || '6379'),
    db: Number.isInteger(db) ? db : 0,
    account: {
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: caFile === null ? {} : { ca: readFileSync(caFile) } }),
    },
  };
};

/**
 * A connection to the configured server, sentinels or cluster. It connects by itself, now or (`lazy`) at first use, and
 * again whenever it is lost; what goes wrong meanwhile is logged.
 */
export const connectRedis = (
  config: RedisConfig,
  { use, logger, lazy = false }: { readonly use: RedisUse; readonly logger: Logger; readonly lazy?: boolean },
): RedisClient => {
  const { host, port, db, account } = accountOf(config);
  const common: CommonRedisOptions & RedisOptions = {
    ...account,
    lazyConnect: lazy,
    socketTimeout: silentMs[use],
    connectTimeout: connectMs,
    keepAlive: 10_000,
    enableOfflineQueue: use === 'blocking',
    maxRetriesPerRequest: use === 'blocking' ? null : 1,
    retryStrategy: (times) => Math.min(100 * times, longestPauseMs),
    // A server that has become a replica says so; the next connection finds the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  const { lazyConnect: _, enableOfflineQueue: __, retryStrategy: ___, ...nodeOptions } = common;
  const { sentinels, cluster } = config;
  const client = cluster
    ? new Cluster([{ host, port }], {
        lazyConnect: lazy,
        enableOfflineQueue: use === 'blocking',
        clusterRetryStrategy: (times) => Math.min(100 * times, longestPauseMs),
        redisOptions: nodeOptions,
      })
    : new Redis({
        ...common,
        db,
        ...(sentinels === null
          ? { host, port }
          : {
              sentinels: [...sentinels.nodes],
              name: sentinels.name,
              ...(sentinels.password !== null && { sentinelPassword: sentinels.password }),
              ...(account.tls && { enableTLSForSentinelMode: true, sentinelTLS: account.tls }),
            }),
      });
  client.on('error', (error) => logger.warn({ err: error, use }, 'Redis connection'));
  return client;
};

/** Where the server is, without password. */
export const redisAddress = ({ url, sentinels }: RedisConfig): string => {
  const { protocol, host } = new URL(url);
  const nodes = sentinels?.nodes ?? [];
  const places = nodes.length > 0 ? nodes.map((node) => `${node.host}:${node.port}`).join(', ') : host;
  return `${protocol}//${places}`;
};

/** Resolves once the server answers. @throws TenkyoError `server_unreachable` */
export const awaitRedis = async (client: RedisClient, config: RedisConfig): Promise<void> => {
  const ready = new AbortController();
  let last: unknown;
  const note = (error: unknown): void => {
    last = error;
  };
  client.on('error', note);
  try {
    await new Promise<void>((resolve, reject) => {
      const failed = () => reject(last ?? new Error(`no answer within ${2 * connectMs} ms`));
      const timer = setTimeout(failed, 2 * connectMs);
      ready.signal.addEventListener('abort', () => clearTimeout(timer));
      if (client.status === 'ready') resolve();
      client.once('ready', resolve);
      client.once('end', failed);
    });
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw new TenkyoError('server_unreachable', 'Redis does not answer', {
      where: `REDIS_URL (${redisAddress(config)})`,
      found: error instanceof Error ? error.message : String(error),
      remedy: 'Start the server, or mend the address, the user or the password.',
      cause: error,
    });
  } finally {
    ready.abort();
    client.off('error', note);
  }
};
