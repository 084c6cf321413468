import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq';
import pg from 'pg';

/** Largest type number PostgreSQL itself has handed out, with room: above it are a database's own types. */
const lastTypeId = 10_000;

// BullMQ was written against node-postgres. `prepareValue` is how that turns JavaScript into parameters, and 64-bit
// integers and numerics reach it as text.
const serializers = Object.fromEntries(Array.from({ length: lastTypeId }, (_, id) => [id, String]));
const int8 = 20;
const numeric = 1700;
const asText = (value: string) => value;
const parsers = { [int8]: asText, [numeric]: asText };

const { prepareValue } = (pg as unknown as { utils: { prepareValue(value: unknown): string | null } }).utils;

/** BullMQ's SQL files begin with comments; without them the command is the first word. */
const withoutComments = (sql: string): string => sql.replace(/^(\s*--[^\n]*\n|\s+)+/, '').trim();

/** One session for everybody, so a transaction must have it alone from BEGIN to COMMIT or ROLLBACK. */
class Session {
  readonly pglite: PGlite;
  #tail: Promise<void> = Promise.resolve();

  constructor(pglite: PGlite) {
    this.pglite = pglite;
  }

  /** Resolves, when the transactions before it have ended, with the function that ends this one. */
  async begin(): Promise<() => void> {
    const before = this.#tail;
    let end = () => {};
    this.#tail = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }

  idle(): Promise<void> {
    return this.#tail;
  }

  async run(sql: string, values: readonly unknown[] = []): Promise<PgQueryResult> {
    const result =
      values.length === 0
        ? (await this.pglite.exec(sql, { parsers })).at(-1)
        : await this.pglite.query(sql, values.map(prepareValue), { parsers, serializers });
    const rows = result?.rows ?? [];
    return { rows, rowCount: result?.affectedRows || rows.length };
  }
}

class SessionClient extends EventEmitter {
  readonly #session: Session;
  readonly #listening = new Map<string, () => Promise<void>>();
  #endTransaction: (() => void) | null = null;

  constructor(session: Session) {
    super();
    // Every waiting worker listens; there are as many as queues.
    this.setMaxListeners(0);
    this.#session = session;
  }

  async query(sql: string, values?: readonly unknown[]): Promise<PgQueryResult> {
    const text = withoutComments(sql);
    const [, command, channel] = /^(LISTEN|UNLISTEN)\s+"?([\w*]+)"?/i.exec(text) ?? [];
    if (command && channel) {
      await (command.toUpperCase() === 'LISTEN' ? this.#listen(channel) : this.#unlisten(channel));
      return { rows: [], rowCount: 0 };
    }
    if (/^BEGIN\b/i.test(text)) this.#endTransaction = await this.#session.begin();
    else if (!this.#endTransaction) await this.#session.idle();
    try {
      return await this.#session.run(sql, values);
    } finally {
      if (/^(COMMIT|ROLLBACK)\b(?!\s+TO)/i.test(text)) this.#end();
    }
  }

  release(): void {
    this.#end();
    void this.#unlisten('*');
  }

  #end(): void {
    this.#endTransaction?.();
    this.#endTransaction = null;
  }

  async #listen(channel: string): Promise<void> {
    if (this.#listening.has(channel)) return;
    // Put in before the answer comes, so that two calls at once make one subscription.
    this.#listening.set(channel, async () => {});
    const stop = await this.#session.pglite.listen(channel, (payload) =>
      this.emit('notification', { channel, payload }),
    );
    this.#listening.set(channel, stop);
  }

  async #unlisten(channel: string): Promise<void> {
    for (const [name, stop] of this.#listening) {
      if (channel !== '*' && channel !== name) continue;
      this.#listening.delete(name);
      if (!this.#session.pglite.closed) await stop();
    }
  }
}

/**
 * A PGlite in the shape of node-postgres's `Pool`, which is what BullMQ's PostgreSQL backend takes
 * (https://docs.bullmq.io, `createPostgresBackend`). Only its migrator opens transactions; every other operation is one
 * statement, so that one session serves all. Closing it closes nothing: the database has another owner.
 */
export const createPglitePool = async (pglite: PGlite): Promise<PgPool> => {
  // BullMQ's statements leave its schema out. Ours name theirs, since this is the same session.
  await pglite.exec('set search_path = bullmq, public');
  const session = new Session(pglite);
  const shared = new SessionClient(session);
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const pool = Object.assign(events, {
    // BullMQ looks here to decide how long a worker may wait for a notification.
    options: { keepAlive: true },
    connect: async () => new SessionClient(session) as unknown as PgPoolClient,
    query: (sql: string, values?: readonly unknown[]) => shared.query(sql, values),
    end: async () => {},
  });
  return pool as unknown as PgPool;
};
