import { type Kysely, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { PeopleRepository, PersonalCounts } from './feedback-records.ts';
import type { Schema } from './schema.ts';

const owned = ['answers', 'searches', 'feedback', 'flags', 'comparisons', 'votes'] as const;

const countsOf = async (db: Kysely<Schema>, team: string, user: string): Promise<PersonalCounts> => {
  const counts = { answers: 0, searches: 0, feedback: 0, flags: 0, comparisons: 0, votes: 0 };
  for (const table of owned) {
    const row = await db
      .selectFrom(table)
      .select(sql<string>`count(*)`.as('count'))
      .where('team', '=', team)
      .where('user_id', '=', user)
      .executeTakeFirstOrThrow();
    counts[table] = Number(row.count);
  }
  return counts;
};

export const createPeople = (db: Kysely<Schema>, clock: Clock): PeopleRepository => ({
  noticeOnce: async (team, user) => {
    const row = await db
      .insertInto('consents')
      .values({ team, user_id: user, shown_at: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .returning('user_id')
      .executeTakeFirst();
    return row !== undefined;
  },

  counts: (team, user) => countsOf(db, team, user),

  forget: (team, user) =>
    db.transaction().execute(async (trx) => {
      const counts = await countsOf(trx, team, user);
      const idsOf = (table: 'answers' | 'searches' | 'comparisons') =>
        trx.selectFrom(table).select('id').where('team', '=', team).where('user_id', '=', user);
      // What others said of the person's questions quotes them; it goes too.
      await trx.deleteFrom('feedback').where('answer_id', 'in', idsOf('answers')).execute();
      await trx.deleteFrom('flags').where('search_id', 'in', idsOf('searches')).execute();
      await trx.deleteFrom('votes').where('comparison_id', 'in', idsOf('comparisons')).execute();
      for (const table of ['answers', 'searches', 'comparisons'] as const) {
        await trx.deleteFrom('deliveries').where('id', 'in', idsOf(table)).execute();
      }
      for (const table of [...owned, 'consents', 'thread_settings'] as const) {
        await trx.deleteFrom(table).where('team', '=', team).where('user_id', '=', user).execute();
      }
      return counts;
    }),
});
