import type { Config } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import { awaitRedis, connectRedis, redisAddress } from '../../src/redis/connect.ts';
import { inspectRedis } from '../../src/redis/findings.ts';
import { createPostgresPool } from '../../src/store/postgres/pool.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { examine, type Finding } from './finding.ts';

const leastPostgres = 14;

/** Reachable, and set so that what waits in the queues is neither thrown away nor forgotten. */
const checkRedis = async (config: NonNullable<Config['redis']>, logger: Logger): Promise<Finding[]> => {
  const client = connectRedis(config, { use: 'commands', logger });
  const settings: Finding[] = [];
  try {
    const reached = await examine('servers', 'Redis', async () => {
      await awaitRedis(client, config);
      for (const { kind, fatal, found, expected, remedy } of await inspectRedis(client)) {
        const state = fatal ? 'fault' : 'warning';
        settings.push({
          area: 'servers',
          what: `Redis: ${kind}`,
          state,
          found: `${found}; expected ${expected}`,
          remedy,
        });
      }
      return redisAddress(config);
    });
    return [reached, ...settings];
  } finally {
    client.disconnect();
  }
};

const unreachable = (where: string, error: unknown): TenkyoError =>
  new TenkyoError('server_unreachable', 'PostgreSQL does not answer', {
    where: `DATABASE_URL (${where})`,
    found: error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error),
    remedy: 'Start the server, or mend the address, the database, the user or the password.',
    cause: error,
  });

const checkDatabase = (config: NonNullable<Config['database']>, logger: Logger): Promise<Finding> =>
  examine('servers', 'PostgreSQL', async () => {
    const { host, pathname } = new URL(config.url);
    const where = `${host}${pathname}`;
    const pool = createPostgresPool({ ...config, connections: 1, statementMs: 5_000, logger });
    try {
      const client = await pool.connect().catch((error: unknown) => {
        throw unreachable(where, error);
      });
      const { rows } = await client.query<{ server_version: string }>('show server_version', []);
      client.release();
      const version = rows[0]?.server_version ?? 'unknown';
      if (Number.parseInt(version, 10) >= leastPostgres) return `version ${version} at ${where}`;
      throw new TenkyoError('config_invalid', 'this PostgreSQL is too old', {
        where,
        expected: `version ${leastPostgres} or newer`,
        found: version,
        remedy: 'Use a newer PostgreSQL.',
      });
    } finally {
      await pool.end();
    }
  });

/** Where queues, feed and records are, if that is on servers. */
export const checkRecords = async ({ redis, database }: Config, logger: Logger): Promise<Finding[]> => [
  ...(redis ? await checkRedis(redis, logger) : []),
  ...(database ? [await checkDatabase(database, logger)] : []),
];
