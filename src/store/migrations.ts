import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { TenkyoError } from '../errors.ts';
import { first } from './migrations/0001-first.ts';
import { feedback } from './migrations/0003-feedback.ts';
import { type Schema, schemaName } from './schema.ts';

const table = (name: string) => `${schemaName}.${name}`;

/** One file each; whichever is merged first, they run in the order of their names. */
const migrations: Record<string, Migration> = {
  '0001_first': first,
  '0003_feedback': feedback,
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
    // Data that has had a later one may still lack an earlier one that was merged after it.
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
