import { type Kysely, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { FeedbackRepository } from './feedback-records.ts';
import type { Schema } from './schema.ts';
import { storableText } from './storable-text.ts';

export const createFeedback = (db: Kysely<Schema>, clock: Clock): FeedbackRepository => ({
  get: async (team, answerId, user) => {
    const row = await db
      .selectFrom('feedback')
      .selectAll()
      .where('team', '=', team)
      .where('answer_id', '=', answerId)
      .where('user_id', '=', user)
      .executeTakeFirst();
    if (!row) return null;
    const { verdict, tags, comment, better } = row;
    return { team, answerId, user, verdict, tags, comment, better };
  },

  save: async ({ team, answerId, user, verdict, tags, comment, better }) => {
    const now = clock.now();
    const said = {
      verdict,
      tags: JSON.stringify(tags),
      comment: storableText(comment),
      better: storableText(better),
      updated_at: now,
    };
    await db
      .insertInto('feedback')
      .values({ team, answer_id: answerId, user_id: user, created_at: now, ...said })
      .onConflict((conflict) => conflict.columns(['team', 'answer_id', 'user_id']).doUpdateSet(said))
      .execute();
  },

  counts: async ({ team, user }) => {
    let query = db
      .selectFrom('feedback')
      .innerJoin('answers', 'answers.id', 'feedback.answer_id')
      .select([
        'answers.model',
        sql<string>`count(*) filter (where verdict = 'up')`.as('up'),
        sql<string>`count(*) filter (where verdict = 'down')`.as('down'),
      ])
      .where('feedback.team', '=', team)
      .groupBy('answers.model')
      .orderBy(sql`count(*)`, 'desc')
      .orderBy('answers.model');
    if (user !== undefined) query = query.where('feedback.user_id', '=', user);
    const rows = await query.execute();
    return rows.map(({ model, up, down }) => ({ model, up: Number(up), down: Number(down) }));
  },
});
