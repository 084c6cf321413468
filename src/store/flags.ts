import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { FlagsRepository } from './feedback-records.ts';
import type { Schema } from './schema.ts';
import { storableText } from './storable-text.ts';

export const createFlags = (db: Kysely<Schema>, clock: Clock): FlagsRepository => ({
  get: async ({ team, searchId, rank, user }) => {
    const row = await db
      .selectFrom('flags')
      .selectAll()
      .where('team', '=', team)
      .where('search_id', '=', searchId)
      .where('rank', '=', rank)
      .where('user_id', '=', user)
      .executeTakeFirst();
    if (!row) return null;
    const { verdict, report, corpus } = row;
    const [documentId, passageId] = [row.document_id, row.passage_id];
    return { team, searchId, rank, user, verdict, report, corpus, documentId, passageId };
  },

  save: async ({ team, searchId, rank, user, verdict, report, corpus, documentId, passageId }) => {
    const now = clock.now();
    const said = {
      ...(verdict === undefined ? {} : { verdict }),
      ...(report === undefined ? {} : { report: storableText(report) }),
      updated_at: now,
    };
    await db
      .insertInto('flags')
      .values({
        team,
        search_id: searchId,
        rank,
        user_id: user,
        verdict: null,
        report: null,
        corpus: storableText(corpus),
        document_id: storableText(documentId),
        passage_id: storableText(passageId),
        created_at: now,
        ...said,
      })
      .onConflict((conflict) => conflict.columns(['team', 'search_id', 'rank', 'user_id']).doUpdateSet(said))
      .execute();
  },
});
