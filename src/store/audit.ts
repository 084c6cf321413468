import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { NewAuditEntry } from './admin-records.ts';
import type { AuditRepository } from './admin-store.ts';
import type { Schema } from './schema.ts';

const json = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));

/** Appends an entry, on its own or inside the transaction of what it tells of. */
export const addAuditEntry = async (db: Kysely<Schema>, entry: NewAuditEntry, now: number): Promise<void> => {
  const { before, after, ...columns } = entry;
  await db
    .insertInto('audit')
    .values({ ...columns, at: now, before: json(before), after: json(after) })
    .execute();
};

export const createAudit = (db: Kysely<Schema>, clock: Clock): AuditRepository => ({
  add: (entry) => addAuditEntry(db, entry, clock.now()),

  list: async (team, { actor, action, since }, { offset, limit }) => {
    let query = db.selectFrom('audit').where('team', '=', team);
    if (actor !== undefined) query = query.where('actor', '=', actor);
    if (action !== undefined)
      query = query.where((eb) => eb(eb.fn('starts_with', ['action', eb.val(action)]), '=', true));
    if (since !== undefined) query = query.where('at', '>=', since);
    const [{ total }, rows] = await Promise.all([
      query.select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow(),
      query.selectAll().orderBy('seq', 'desc').offset(offset).limit(limit).execute(),
    ]);
    return {
      total: Number(total),
      entries: rows.map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at) })),
    };
  },
});
