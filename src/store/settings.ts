import { type Kysely, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Setting, SettingValues } from './admin-records.ts';
import type { SettingsRepository } from './admin-store.ts';
import { addAuditEntry } from './audit.ts';
import type { Schema } from './schema.ts';

export const createSettingsRepository = (db: Kysely<Schema>, clock: Clock): SettingsRepository => ({
  all: async (team) => {
    const rows = await db.selectFrom('settings').selectAll().where('team', '=', team).orderBy('key').execute();
    return rows.map(
      ({ kind, key, value, changed_at, changed_by }): Setting => ({
        kind,
        key,
        value,
        changedAt: Number(changed_at),
        changedBy: changed_by,
      }),
    );
  },

  change: ({ kind, key }, to, entry) =>
    db.transaction().execute(async (trx) => {
      const { team, actor } = entry;
      // Two changes at once would both see the same "before", also where there is no row yet to be locked.
      await sql`select pg_advisory_xact_lock(hashtextextended(${[team, kind, key].join('\n')}, 0))`.execute(trx);
      const row = await trx
        .selectFrom('settings')
        .select('value')
        .where('team', '=', team)
        .where('kind', '=', kind)
        .where('key', '=', key)
        .executeTakeFirst();
      const before = (row?.value ?? null) as SettingValues[typeof kind] | null;
      const after = to(before);
      const now = clock.now();
      if (after === null) {
        await trx
          .deleteFrom('settings')
          .where('team', '=', team)
          .where('kind', '=', kind)
          .where('key', '=', key)
          .execute();
      } else {
        const columns = { value: JSON.stringify(after), changed_at: now, changed_by: actor };
        await trx
          .insertInto('settings')
          .values({ team, kind, key, ...columns })
          .onConflict((conflict) => conflict.columns(['team', 'kind', 'key']).doUpdateSet(columns))
          .execute();
      }
      await addAuditEntry(trx, { ...entry, outcome: 'done', reason: null, before, after }, now);
    }),
});
