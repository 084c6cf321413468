import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { schemaName } from '../schema.ts';

const table = (name: string) => `${schemaName}.${name}`;

/** What admins set, who did what, and what the processes say of themselves. */
export const admin: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable(table('settings'))
      .addColumn('team', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('value', 'jsonb', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addColumn('changed_by', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('settings_key', ['team', 'kind', 'key'])
      .execute();

    await db.schema
      .createTable(table('hidden_documents'))
      .addColumn('team', 'text', (c) => c.notNull())
      .addColumn('corpus', 'text', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('sequence', 'bigint', (c) => c.notNull())
      .addColumn('document_id', 'text', (c) => c.notNull())
      .addColumn('hidden_at', 'bigint', (c) => c.notNull())
      .addColumn('hidden_by', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('hidden_documents_key', ['team', 'corpus', 'source', 'sequence'])
      .execute();

    await db.schema
      .createTable(table('audit'))
      .addColumn('seq', 'bigserial', (c) => c.primaryKey())
      .addColumn('team', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('outcome', 'text', (c) => c.notNull())
      .addColumn('target', 'text')
      .addColumn('before', 'jsonb')
      .addColumn('after', 'jsonb')
      .addColumn('reason', 'text')
      .addColumn('app', 'text', (c) => c.notNull())
      .addColumn('channel', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('audit_time').on(table('audit')).columns(['team', 'at']).execute();
    // The owner of a table may do anything by its rights; a trigger stops the owner too.
    await sql`create function ${sql.table(table('refuse_change'))}() returns trigger language plpgsql as $$
      begin raise exception 'the audit log is append-only'; end $$`.execute(db);
    await sql`create trigger audit_append_only before update or delete or truncate on ${sql.table(table('audit'))}
      for each statement execute function ${sql.table(table('refuse_change'))}()`.execute(db);

    await db.schema
      .createTable(table('confirmations'))
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('team', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('action', 'jsonb', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('used_at', 'bigint')
      .execute();

    await db.schema
      .createTable(table('processes'))
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('host', 'text', (c) => c.notNull())
      .addColumn('pid', 'integer', (c) => c.notNull())
      .addColumn('facts', 'jsonb', (c) => c.notNull())
      .addColumn('seen_at', 'bigint', (c) => c.notNull())
      .execute();

    await db.schema.alterTable(table('answers')).addColumn('cancel_at', 'bigint').execute();
    await db.schema
      .createIndex('answers_of_person')
      .on(table('answers'))
      .columns(['team', 'user_id', 'created_at'])
      .execute();
    await db.schema.createIndex('answers_of_model').on(table('answers')).columns(['model', 'seq']).execute();
  },
};
