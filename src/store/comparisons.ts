import { createHash } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import { insertAnswer } from './answers.ts';
import type { Comparison, ComparisonsRepository } from './feedback-records.ts';
import { claimEvent, recordId } from './inbox.ts';
import type { InboxKey } from './records.ts';
import type { Schema } from './schema.ts';
import { storableText } from './storable-text.ts';
import { openDelivery, placeOf } from './work-rows.ts';

export const toComparison = (row: Selectable<Schema['comparisons']>): Comparison => ({
  id: row.id,
  team: row.team,
  app: row.app,
  channel: row.channel,
  threadTs: row.thread_ts,
  user: row.user_id,
  locale: row.locale,
  mode: row.mode,
  question: row.question,
  first: row.first,
  second: row.second,
  firstAnswer: row.first_answer,
  secondAnswer: row.second_answer,
  createdAt: Number(row.created_at),
});

/** The id of one side's answer: a letter first, as for every record whose job goes to a queue. */
const sideId = (id: string, side: 'first' | 'second'): string =>
  `a${createHash('sha256').update(`${id}\0${side}`).digest('hex').slice(0, 20)}`;

export const createComparisons = (db: Kysely<Schema>, clock: Clock): ComparisonsRepository => {
  const get = async (id: string): Promise<Comparison | null> => {
    const row = await db.selectFrom('comparisons').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toComparison(row) : null;
  };

  return {
    get,

    open: (place, { questionTs, ...asked }) =>
      db.transaction().execute(async (trx) => {
        const key: InboxKey = { ...place, kind: 'comparison' };
        const id = recordId(key);
        const now = clock.now();
        const comparison: Comparison = {
          ...asked,
          question: storableText(asked.question),
          id,
          firstAnswer: sideId(id, 'first'),
          secondAnswer: sideId(id, 'second'),
          createdAt: now,
        };
        if (!(await claimEvent(trx, key, id, now))) return { fresh: false, comparison };
        const { team, user, locale, mode, question, first, second, firstAnswer, secondAnswer } = comparison;
        await trx
          .insertInto('comparisons')
          .values({
            id,
            ...placeOf(comparison),
            user_id: user,
            locale,
            mode,
            question,
            first: JSON.stringify(first),
            second: JSON.stringify(second),
            first_answer: firstAnswer,
            second_answer: secondAnswer,
            created_at: now,
          })
          .execute();
        for (const [answerId, { model, settings }] of [
          [firstAnswer, first],
          [secondAnswer, second],
        ] as const) {
          await insertAnswer(
            trx,
            answerId,
            {
              ...placeOfSide(comparison, answerId),
              team,
              model,
              user,
              locale,
              questionTs,
              question,
              settings: { ...settings, ...(mode === 'continuation' ? { continuation: true } : {}) },
              purpose: 'comparison',
            },
            now,
          );
        }
        await openDelivery(trx, id, 'comparison', comparison);
        return { fresh: true, comparison };
      }),

    recent: async (team, most) => {
      const rows = await db
        .selectFrom('comparisons')
        .selectAll()
        .where('team', '=', team)
        .orderBy('seq', 'desc')
        .limit(most)
        .execute();
      return rows.map(toComparison);
    },

    vote: async ({ team, comparisonId, user, winner, swapped }) => {
      const now = clock.now();
      const said = { winner, swapped, updated_at: now };
      await db
        .insertInto('votes')
        .values({ team, comparison_id: comparisonId, user_id: user, created_at: now, ...said })
        .onConflict((conflict) => conflict.columns(['team', 'comparison_id', 'user_id']).doUpdateSet(said))
        .execute();
    },

    voteOf: async (team, comparisonId, user) => {
      const row = await db
        .selectFrom('votes')
        .selectAll()
        .where('team', '=', team)
        .where('comparison_id', '=', comparisonId)
        .where('user_id', '=', user)
        .executeTakeFirst();
      return row ? { team, comparisonId, user, winner: row.winner, swapped: row.swapped } : null;
    },

    votes: async (comparisonId) => {
      const row = await db
        .selectFrom('votes')
        .select(sql<string>`count(*)`.as('count'))
        .where('comparison_id', '=', comparisonId)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },

    judged: async (team) => {
      let query = db
        .selectFrom('votes')
        .innerJoin('comparisons', 'comparisons.id', 'votes.comparison_id')
        .select(['comparisons.id', 'comparisons.first', 'comparisons.second', 'votes.winner'])
        .orderBy('votes.seq');
      if (team !== null) query = query.where('votes.team', '=', team);
      const rows = await query.execute();
      return rows.map(({ id, first, second, winner }) => ({
        comparisonId: id,
        first: first.name,
        second: second.name,
        winner,
      }));
    },
  };
};

/** Each side is a conversation of its own: neither reads the other, nor what was said in the thread. */
const placeOfSide = ({ app, channel }: Comparison, answerId: string) => ({ app, channel, threadTs: answerId });
