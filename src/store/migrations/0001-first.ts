import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { schemaName } from '../schema.ts';

const table = (name: string) => `${schemaName}.${name}`;

/** Events once, answers, searches and their ways to Slack. */
export const first: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.createSchema(schemaName).ifNotExists().execute();
    await db.schema
      .createTable(table('inbox'))
      .addColumn('team', 'text', (c) => c.notNull())
      .addColumn('app', 'text', (c) => c.notNull())
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('ts', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('record_id', 'text', (c) => c.notNull())
      .addColumn('claimed_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('inbox_key', ['team', 'app', 'channel', 'ts', 'kind'])
      .execute();

    const work = (name: string) =>
      db.schema
        .createTable(table(name))
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('seq', 'bigserial', (c) => c.notNull())
        .addColumn('team', 'text', (c) => c.notNull())
        .addColumn('app', 'text', (c) => c.notNull())
        .addColumn('channel', 'text', (c) => c.notNull())
        .addColumn('thread_ts', 'text', (c) => c.notNull())
        .addColumn('user_id', 'text', (c) => c.notNull())
        .addColumn('locale', 'text', (c) => c.notNull())
        .addColumn('status', 'text', (c) => c.notNull().defaultTo('queued'))
        .addColumn('attempt', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('error', 'jsonb')
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('touched_at', 'bigint', (c) => c.notNull())
        .addColumn('finished_at', 'bigint');
    await work('answers')
      .addColumn('model', 'text', (c) => c.notNull())
      .addColumn('question_ts', 'text', (c) => c.notNull())
      .addColumn('question', 'text', (c) => c.notNull())
      .addColumn('text', 'text', (c) => c.notNull().defaultTo(''))
      .addColumn('finish', 'text')
      .addColumn('usage', 'jsonb')
      .execute();
    await work('searches')
      .addColumn('message_ts', 'text', (c) => c.notNull())
      .addColumn('query', 'jsonb', (c) => c.notNull())
      .addColumn('result', 'jsonb')
      .execute();
    for (const name of ['answers', 'searches']) {
      await sql`create index ${sql.raw(`${name}_open`)} on ${sql.table(table(name))} (touched_at)
        where status in ('queued', 'running')`.execute(db);
      await sql`create index ${sql.raw(`${name}_failed`)} on ${sql.table(table(name))} (finished_at)
        where status = 'failed'`.execute(db);
    }
    await db.schema
      .createIndex('answers_thread')
      .on(table('answers'))
      .columns(['team', 'channel', 'thread_ts', 'seq'])
      .execute();

    await db.schema
      .createTable(table('deliveries'))
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('seq', 'bigserial', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('team', 'text', (c) => c.notNull())
      .addColumn('app', 'text', (c) => c.notNull())
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('thread_ts', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull().defaultTo('pending'))
      .addColumn('messages', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'::jsonb`))
      .addColumn('native_stream', 'boolean', (c) => c.notNull().defaultTo(false))
      .addColumn('shown_attempt', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('shown_seq', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('lease_owner', 'text')
      .addColumn('lease_until', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('fence', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('failure', 'text')
      .execute();
    await sql`create index deliveries_open on ${sql.table(table('deliveries'))} (app, lease_until)
      where status in ('pending', 'streaming')`.execute(db);
    await sql`create index deliveries_messages on ${sql.table(table('deliveries'))}
      using gin (messages jsonb_path_ops)`.execute(db);
  },
};
