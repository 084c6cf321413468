import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { schemaName } from '../schema.ts';

/** What a conversation needs beyond questions and answers: settings of a thread, edits, deletions, files. */
export const conversation: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable(`${schemaName}.answers`)
      .addColumn('left_out', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('edited', 'text')
      .addColumn('withdrawn_at', 'bigint')
      .addColumn('files', 'jsonb')
      .execute();
    await db.schema
      .createTable(`${schemaName}.thread_settings`)
      .addColumn('team', 'text', (c) => c.notNull())
      .addColumn('app', 'text', (c) => c.notNull())
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('thread_ts', 'text', (c) => c.notNull())
      .addColumn('settings', 'jsonb', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('thread_settings_key', ['team', 'app', 'channel', 'thread_ts'])
      .execute();
  },
};
