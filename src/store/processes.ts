import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { ProcessesRepository } from './admin-store.ts';
import type { Schema } from './schema.ts';

/** Rows of processes that ended without saying so are kept no longer. */
const forgetMs = 3_600_000;

export const createProcesses = (db: Kysely<Schema>, clock: Clock): ProcessesRepository => ({
  beat: async ({ id, host, pid, facts }) => {
    const now = clock.now();
    const columns = { facts: JSON.stringify(facts), seen_at: now };
    await db
      .insertInto('processes')
      .values({ id, host, pid, ...columns })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
      .execute();
    await db
      .deleteFrom('processes')
      .where('seen_at', '<', now - forgetMs)
      .execute();
  },

  gone: async (id) => {
    await db.deleteFrom('processes').where('id', '=', id).execute();
  },

  alive: async (withinMs) => {
    const rows = await db
      .selectFrom('processes')
      .selectAll()
      .where('seen_at', '>', clock.now() - withinMs)
      .orderBy('host')
      .orderBy('pid')
      .execute();
    return rows.map(({ id, host, pid, facts, seen_at }) => ({ id, host, pid, facts, seenAt: Number(seen_at) }));
  },
});
