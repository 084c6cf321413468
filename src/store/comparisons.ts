import { createHash } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import { insertAnswer } from './answers.ts';
import type { Comparison, ComparisonsRepository, Winner } from './feedback-records.ts';
import { claimEvent, recordId } from './inbox.ts';
import type { OpenLimits } from './limits.ts';
import { limitAgainst } from './quotas.ts';
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

    open: (place, { questionTs, ...asked }, limits) =>
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
        const turns: [number, number] = [1, 1];
        if (!(await claimEvent(trx, key, id, now))) return { fresh: false, comparison, turns, over: null };
        const sides = [comparison.first, comparison.second];
        for (const { model } of limits ? sides : []) {
          const over = await limitAgainst(trx, { ...comparison, model }, limits as OpenLimits, now);
          if (over) return { fresh: true, comparison, turns, over };
        }
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
        for (const [side, answerId, { model, settings }] of [
          [0, firstAnswer, first],
          [1, secondAnswer, second],
        ] as const) {
          // Both sides belong to one question: neither waits for a person's other answers, so each has a turn.
          turns[side] = (await insertAnswer(
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
          )) as number;
        }
        await openDelivery(trx, id, 'comparison', comparison);
        return { fresh: true, comparison, turns, over: null };
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
      const row = await db
        .insertInto('votes')
        .values({
          team,
          comparison_id: comparisonId,
          user_id: user,
          winner,
          swapped,
          created_at: now,
          updated_at: now,
        })
        .onConflict((conflict) => conflict.columns(['team', 'comparison_id', 'user_id']).doNothing())
        .returning('user_id')
        .executeTakeFirst();
      return row !== undefined;
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

    tally: async (comparisonId) => {
      const rows = await db
        .selectFrom('votes')
        .select(['winner', sql<string>`count(*)`.as('count')])
        .where('comparison_id', '=', comparisonId)
        .groupBy('winner')
        .execute();
      const tally: Record<Winner, number> = { first: 0, second: 0, tie: 0, both_bad: 0 };
      for (const { winner, count } of rows) tally[winner] = Number(count);
      return tally;
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
