import { type Dialect, Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import { createAnswers } from './answers.ts';
import { createAudit } from './audit.ts';
import { createComparisons } from './comparisons.ts';
import { createConfirmations } from './confirmations.ts';
import { createDeliveries } from './deliveries.ts';
import { createExports } from './exports.ts';
import { createFeedback } from './feedback.ts';
import { createFlags } from './flags.ts';
import { createHidden } from './hidden.ts';
import { createInbox } from './inbox.ts';
import { migrate } from './migrations.ts';
import { createPeople } from './people.ts';
import { createProcesses } from './processes.ts';
import { type Schema, schemaName } from './schema.ts';
import { createSearches } from './searches.ts';
import { createSettingsRepository } from './settings.ts';
import type { Store } from './store.ts';
import { createThreads } from './threads.ts';

export interface StoreOptions {
  /** Kysely's way to a PostgreSQL: `openPglite` gives one, a pool of node-postgres another. */
  readonly dialect: Dialect;
  readonly clock: Clock;
}

/**
 * The records, after bringing the schema `tenkyo` to this version.
 *
 * @throws TenkyoError('data_version') when a newer version wrote them
 */
export const createStore = async ({ dialect, clock }: StoreOptions): Promise<Store> => {
  const plain = new Kysely<Schema>({ dialect });
  await migrate(plain);
  const db = plain.withSchema(schemaName);
  return {
    answers: createAnswers(db, clock),
    searches: createSearches(db, clock),
    deliveries: createDeliveries(db, clock),
    inbox: createInbox(db, clock),
    settings: createSettingsRepository(db, clock),
    hidden: createHidden(db, clock),
    audit: createAudit(db, clock),
    confirmations: createConfirmations(db, clock),
    processes: createProcesses(db, clock),
    feedback: createFeedback(db, clock),
    flags: createFlags(db, clock),
    comparisons: createComparisons(db, clock),
    people: createPeople(db, clock),
    exports: createExports(db),
    threads: createThreads(db, clock),
    close: () => plain.destroy(),
  };
};
