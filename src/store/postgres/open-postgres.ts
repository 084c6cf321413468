import { type Dialect, Kysely, PostgresDialect, sql } from 'kysely';
import type { Clock } from '../../clock.ts';
import type { DatabaseConfig } from '../../config/config.ts';
import { TenkyoError } from '../../errors.ts';
import type { Logger } from '../../telemetry/log.ts';
import { migrate } from '../migrations.ts';
import type { Schema } from '../schema.ts';
import { createPostgresPool } from './pool.ts';

/** Any number that no other program locks: 'tenkyo' in ASCII. */
const migrationLock = '128034647898479';
const waitMs = 120_000;
const pauseMs = 200;

export interface PostgresOptions {
  readonly config: DatabaseConfig;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where the server is, without password. */
const addressOf = ({ url }: DatabaseConfig): string => {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
};

const unreachable = (config: DatabaseConfig, error: unknown): TenkyoError =>
  new TenkyoError('server_unreachable', 'PostgreSQL does not answer', {
    where: `DATABASE_URL (${addressOf(config)})`,
    found: error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error),
    remedy: 'Start the server, or mend the address, the database, the user or the password.',
    cause: error,
  });

/** Brings the schema to this version, one process at a time, without a limit on the time of a statement. */
const migrateAlone = async ({ config, clock, logger }: PostgresOptions): Promise<void> => {
  const pool = createPostgresPool({ ...config, connections: 2, statementMs: null, logger });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await db.connection().execute(async (session) => {
      const until = clock.now() + waitMs;
      for (;;) {
        const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(${migrationLock}) as mine`.execute(
          session,
        );
        if (rows[0]?.mine) break;
        if (clock.now() > until) {
          throw new TenkyoError('data_locked', 'another process has been changing the schema of the records for long', {
            where: `DATABASE_URL (${addressOf(config)})`,
            remedy: 'Look at what it does (pg_stat_activity), and start again when it has ended.',
          });
        }
        await clock.sleep(pauseMs);
      }
      try {
        await migrate(db);
      } finally {
        await sql`select pg_advisory_unlock(${migrationLock})`.execute(session);
      }
    });
  } catch (error) {
    throw error instanceof TenkyoError ? error : unreachable(config, error);
  } finally {
    await db.destroy();
  }
};

/**
 * PostgreSQL with the records' schema brought to this version; the dialect is for `createStore`, which closes its pool.
 *
 * @throws TenkyoError `server_unreachable`, `data_version`, `data_locked`
 */
export const openPostgres = async (options: PostgresOptions): Promise<Dialect> => {
  await migrateAlone(options);
  return new PostgresDialect({ pool: async () => createPostgresPool({ ...options.config, logger: options.logger }) });
};
