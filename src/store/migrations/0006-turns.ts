import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { schemaName } from '../schema.ts';

const answers = sql.table(`${schemaName}.answers`);

/** An answer's turn in its model's queue; one that is open and has none waits for earlier ones of the same person. */
export const turns: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`alter table ${answers} add column turn integer`.execute(db);
    // What waits already has its job.
    await sql`update ${answers} set turn = 1 where status in ('queued', 'running')`.execute(db);
    await sql`create index answers_turns on ${answers} (model, turn) where status in ('queued', 'running')`.execute(db);
    await sql`create index answers_held on ${answers} (team, user_id, seq)
      where status = 'queued' and turn is null`.execute(db);
  },
};
