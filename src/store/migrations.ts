import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { TenkyoError } from '../errors.ts';
import { feedback } from './migrations/0003-feedback.ts';
import { grounding } from './migrations/0004-grounding.ts';
import { conversation } from './migrations/0005-conversation.ts';
import { turns } from './migrations/0006-turns.ts';
import { admin } from './migrations/admin.ts';
import { type Schema, schemaName } from './schema.ts';

const table = (name: string) => `${schemaName}.${name}`;

const first: Migration = {
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

const migrations: Record<string, Migration> = {
  '0001_first': first,
  '0002_admin': admin,
  '0003_feedback': feedback,
  '0004_grounding': grounding,
  '0005_conversation': conversation,
  '0006_turns': turns,
};
const ledger = 'migration';

/** Names of the migrations that the data has had; empty for new data. */
const applied = async (db: Kysely<Schema>): Promise<string[]> => {
  const { rows } = await sql<{ found: string | null }>`select to_regclass(${table(ledger)})::text as found`.execute(db);
  if (rows[0]?.found == null) return [];
  const names = await sql<{ name: string }>`select name from ${sql.table(table(ledger))} order by name`.execute(db);
  return names.rows.map(({ name }) => name);
};

/**
 * Brings the schema to this version. Data that a newer version has changed is refused, never guessed at.
 *
 * @throws TenkyoError('data_version') when the data has had a migration that this version does not know
 */
export const migrate = async (db: Kysely<Schema>): Promise<void> => {
  const unknown = (await applied(db)).filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new TenkyoError('data_version', 'the stored records were written by a newer version', {
      where: `schema ${schemaName}`,
      expected: `at most ${Object.keys(migrations).at(-1)}`,
      found: unknown.join(', '),
      remedy: 'Start the newer version, or use another data directory.',
    });
  }
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: ledger,
    migrationLockTableName: `${ledger}_lock`,
    migrationTableSchema: schemaName,
    // Data that has had a later one may lack an earlier one that was merged after it.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    throw new TenkyoError('data_version', 'the stored records could not be brought to this version', {
      where: `schema ${schemaName}`,
      remedy: 'Keep a copy of the data directory, then report this with the cause.',
      cause: error,
    });
  }
};
