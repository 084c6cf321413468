import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { ConfirmationsRepository } from './admin-store.ts';
import type { Schema } from './schema.ts';

const day = 86_400_000;

export const createConfirmations = (db: Kysely<Schema>, clock: Clock): ConfirmationsRepository => ({
  open: async ({ id, team, user, channel, action }, forMs) => {
    const now = clock.now();
    await db
      .deleteFrom('confirmations')
      .where('expires_at', '<', now - day)
      .execute();
    await db
      .insertInto('confirmations')
      .values({ id, team, user_id: user, channel, action: JSON.stringify(action), expires_at: now + forMs })
      .execute();
  },

  commandOf: async (id) => {
    const row = await db.selectFrom('confirmations').select('action').where('id', '=', id).executeTakeFirst();
    return row?.action.command ?? null;
  },

  take: async (id, { team, user, channel }) => {
    const now = clock.now();
    const row = await db
      .updateTable('confirmations')
      .set({ used_at: now })
      .where('id', '=', id)
      .where('team', '=', team)
      .where('user_id', '=', user)
      .where('channel', '=', channel)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .returningAll()
      .executeTakeFirst();
    if (row) return { id, team, user, channel, action: row.action };
    const found = await db.selectFrom('confirmations').selectAll().where('id', '=', id).executeTakeFirst();
    if (!found) return 'unknown';
    if (found.team !== team || found.user_id !== user || found.channel !== channel) return 'another_person';
    return found.used_at === null ? 'expired' : 'used';
  },
});
