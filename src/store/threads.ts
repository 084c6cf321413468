import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Schema } from './schema.ts';
import { storableText } from './storable-text.ts';
import type { ThreadsRepository } from './store.ts';
import { placeOf } from './work-rows.ts';

export const createThreads = (db: Kysely<Schema>, clock: Clock): ThreadsRepository => ({
  settings: async ({ team, app, channel, threadTs }) => {
    const row = await db
      .selectFrom('thread_settings')
      .select('settings')
      .where('team', '=', team)
      .where('app', '=', app)
      .where('channel', '=', channel)
      .where('thread_ts', '=', threadTs)
      .executeTakeFirst();
    return row?.settings ?? {};
  },

  setSettings: async (place, user, settings) => {
    const { system, ...rest } = settings;
    const kept = system === undefined ? rest : { ...rest, system: storableText(system) };
    const columns = { settings: JSON.stringify(kept), user_id: user, changed_at: clock.now() };
    await db
      .insertInto('thread_settings')
      .values({ ...placeOf(place), ...columns })
      .onConflict((conflict) => conflict.columns(['team', 'app', 'channel', 'thread_ts']).doUpdateSet(columns))
      .execute();
  },
});
