import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { schemaName } from '../schema.ts';

/** What a grounded answer rests on: its citations, checked, and their sources. */
export const grounding: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable(`${schemaName}.answers`).addColumn('grounding', 'jsonb').execute();
  },
};
