import { readFileSync } from 'node:fs';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { DatabaseConfig } from '../../config/config.ts';
import type { Logger } from '../../telemetry/log.ts';

/** Longer than the server's own limit, so that it is the server who says so while it lives. */
const patienceMs = 1_000;
const connectMs = 5_000;

export interface PostgresPoolOptions extends Pick<DatabaseConfig, 'url' | 'caFile' | 'connections'> {
  /** A statement that takes longer is given up; null: none is, for migrations. */
  readonly statementMs: number | null;
  readonly logger: Logger;
}

type Client = pg.PoolClient & { readonly connection?: { readonly stream?: { destroy(): void } } };

/** An error of the connection, not of the statement: SQLSTATE is five characters, and classes 08 and 57P end it. */
const isFatal = (error: unknown): boolean => {
  const { code } = error as { code?: unknown };
  return typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P)/.test(code);
};

/**
 * Connections to PostgreSQL for Kysely. A reply that does not come ends its connection, and with it every other one
 * opened before that moment: where one is half open, the rest are too, and each would cost its own wait.
 */
export const createPostgresPool = ({
  url,
  caFile,
  connections,
  statementMs,
  logger,
}: PostgresPoolOptions): PostgresPool => {
  const pool = new pg.Pool({
    connectionString: url,
    ...(caFile !== null && { ssl: { ca: readFileSync(caFile) } }),
    application_name: 'tenkyo',
    max: connections,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(statementMs !== null && {
      statement_timeout: statementMs,
      idle_in_transaction_session_timeout: 2 * statementMs,
      query_timeout: statementMs + patienceMs,
    }),
  });
  // An idle connection that ends (the server restarts) is no error of anybody's: the pool opens another.
  pool.on('error', (error) => logger.warn({ err: error }, 'PostgreSQL connection'));

  let generation = 0;
  const openedIn = new WeakMap<Client, number>();
  pool.on('connect', (client) => void openedIn.set(client as Client, generation));

  /** At once: a peer that is gone would never answer to a farewell. */
  const drop = (client: Client): void => {
    client.connection?.stream?.destroy();
    client.release(true);
  };
  const fresh = async (): Promise<Client> => {
    for (;;) {
      const client = (await pool.connect()) as Client;
      if (openedIn.get(client) === generation) return client;
      drop(client);
    }
  };
  const lend = (client: Client): PostgresPoolClient => {
    let broken = false;
    const noticed = (error: unknown): void => {
      if (!isFatal(error)) return;
      if (!broken && error instanceof Error && /timeout/i.test(error.message)) {
        logger.warn({ err: error }, 'PostgreSQL gave no reply: every connection is opened anew');
        generation += 1;
      }
      broken = true;
    };
    const onError = (error: unknown): void => noticed(error);
    client.on('error', onError);
    const query = async (...given: Parameters<PostgresPoolClient['query']>): Promise<unknown> => {
      try {
        return await (client.query as unknown as (...args: unknown[]) => Promise<unknown>).apply(client, given);
      } catch (error) {
        noticed(error);
        throw error;
      }
    };
    return {
      query: query as unknown as PostgresPoolClient['query'],
      release: () => {
        client.off('error', onError);
        if (broken) drop(client);
        else client.release();
      },
    };
  };
  return {
    connect: async () => lend(await fresh()),
    end: () => pool.end(),
    options: { max: connections },
  } satisfies PostgresPool;
};
