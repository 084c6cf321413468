import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { schemaName } from '../schema.ts';

const table = (name: string) => `${schemaName}.${name}`;

/** What people think: feedback on answers, flags on passages, blind comparisons with their votes, and consent. */
export const feedback: Migration = {
  up: async (db: Kysely<unknown>) => {
    /** A table of what one person said of one thing; said again, it replaces what was said before. */
    const said = (name: string) =>
      db.schema
        .createTable(table(name))
        .addColumn('seq', 'bigserial', (c) => c.notNull())
        .addColumn('team', 'text', (c) => c.notNull())
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('updated_at', 'bigint', (c) => c.notNull());

    await said('feedback')
      .addColumn('answer_id', 'text', (c) => c.notNull())
      .addColumn('verdict', 'text', (c) => c.notNull())
      .addColumn('tags', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'::jsonb`))
      .addColumn('comment', 'text', (c) => c.notNull().defaultTo(''))
      .addColumn('better', 'text', (c) => c.notNull().defaultTo(''))
      .addPrimaryKeyConstraint('feedback_key', ['team', 'answer_id', 'user_id'])
      .execute();
    await said('flags')
      .addColumn('search_id', 'text', (c) => c.notNull())
      .addColumn('rank', 'integer', (c) => c.notNull())
      .addColumn('verdict', 'text')
      .addColumn('report', 'text')
      .addColumn('corpus', 'text', (c) => c.notNull())
      .addColumn('document_id', 'text', (c) => c.notNull())
      .addColumn('passage_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('flags_key', ['team', 'search_id', 'rank', 'user_id'])
      .execute();
    await db.schema
      .createTable(table('comparisons'))
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('seq', 'bigserial', (c) => c.notNull())
      .addColumn('team', 'text', (c) => c.notNull())
      .addColumn('app', 'text', (c) => c.notNull())
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('thread_ts', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('locale', 'text', (c) => c.notNull())
      .addColumn('mode', 'text', (c) => c.notNull())
      .addColumn('question', 'text', (c) => c.notNull())
      .addColumn('first', 'jsonb', (c) => c.notNull())
      .addColumn('second', 'jsonb', (c) => c.notNull())
      .addColumn('first_answer', 'text', (c) => c.notNull())
      .addColumn('second_answer', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute();
    await said('votes')
      .addColumn('comparison_id', 'text', (c) => c.notNull())
      .addColumn('winner', 'text', (c) => c.notNull())
      .addColumn('swapped', 'boolean', (c) => c.notNull())
      .addPrimaryKeyConstraint('votes_key', ['team', 'comparison_id', 'user_id'])
      .execute();
    await db.schema
      .createTable(table('consents'))
      .addColumn('team', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('shown_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('consents_key', ['team', 'user_id'])
      .execute();
    await sql`alter table ${sql.table(table('answers'))} add column if not exists settings jsonb`.execute(db);
    await sql`alter table ${sql.table(table('answers'))}
      add column if not exists purpose text not null default 'chat'`.execute(db);
    for (const name of ['feedback', 'flags', 'votes', 'comparisons', 'answers', 'searches']) {
      await sql`create index ${sql.raw(`${name}_seq`)} on ${sql.table(table(name))} (seq)`.execute(db);
      await sql`create index ${sql.raw(`${name}_user`)} on ${sql.table(table(name))} (team, user_id)`.execute(db);
    }
  },
};
