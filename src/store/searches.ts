import type { Kysely, Selectable } from 'kysely';
import type { Clock } from '../clock.ts';
import { claimEvent, recordId } from './inbox.ts';
import type { SearchRecord } from './records.ts';
import type { Schema } from './schema.ts';
import type { SearchesRepository } from './store.ts';
import { countWork, openDelivery, placeOf, recordOfMessage, startWork } from './work-rows.ts';

const toSearch = (row: Selectable<Schema['searches']>): SearchRecord => ({
  id: row.id,
  team: row.team,
  app: row.app,
  channel: row.channel,
  threadTs: row.thread_ts,
  user: row.user_id,
  locale: row.locale,
  messageTs: row.message_ts,
  query: row.query,
  status: row.status,
  attempt: row.attempt,
  result: row.result,
  error: row.error,
  createdAt: Number(row.created_at),
  finishedAt: row.finished_at === null ? null : Number(row.finished_at),
});

export const createSearches = (db: Kysely<Schema>, clock: Clock): SearchesRepository => {
  const get = async (id: string) => {
    const row = await db.selectFrom('searches').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toSearch(row) : null;
  };

  return {
    get,

    open: (key, search) =>
      db.transaction().execute(async (trx) => {
        const id = recordId(key);
        const now = clock.now();
        if (!(await claimEvent(trx, key, id, now))) return { id, fresh: false };
        await trx
          .insertInto('searches')
          .values({
            id,
            ...placeOf(search),
            user_id: search.user,
            locale: search.locale,
            message_ts: search.messageTs,
            query: JSON.stringify(search.query),
            created_at: now,
            touched_at: now,
          })
          .execute();
        if (key.kind !== 'find') await openDelivery(trx, id, 'search', search);
        return { id, fresh: true };
      }),

    byMessage: async (team, channel, ts) => {
      const id = await recordOfMessage(db, 'search', team, channel, ts);
      return id === null ? null : get(id);
    },

    start: (id, attempt) => startWork(db, 'searches', id, attempt, clock.now()),

    finish: async (id, attempt, outcome) => {
      const columns =
        'result' in outcome
          ? { status: 'done' as const, result: JSON.stringify(outcome.result) }
          : { status: 'failed' as const, error: JSON.stringify(outcome.error) };
      const { numUpdatedRows } = await db
        .updateTable('searches')
        .set({ ...columns, attempt, finished_at: clock.now() })
        .where('id', '=', id)
        .where('status', '=', 'running')
        .where('attempt', '<=', attempt)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    openSince: async (before) => {
      const rows = await db
        .selectFrom('searches')
        .selectAll()
        .where('status', 'in', ['queued', 'running'])
        .where('touched_at', '<=', before)
        .orderBy('seq')
        .execute();
      return rows.map(toSearch);
    },

    counts: () => countWork(db, 'searches', clock.now()),
  };
};
