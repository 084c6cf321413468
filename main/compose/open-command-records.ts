import { existsSync } from 'node:fs';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { asTenkyoError } from '../../src/errors.ts';
import { createStore } from '../../src/store/create-store.ts';
import { openPglite } from '../../src/store/pglite/open-pglite.ts';
import { openPostgres } from '../../src/store/postgres/open-postgres.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import type { Closing } from './closing.ts';
import type { DataPaths } from './data-directory.ts';
import { type CommandRecords, controlOf, livingRecords } from './living-process.ts';

interface CommandRecordsOptions {
  readonly config: Pick<Config, 'database'>;
  readonly paths: Pick<DataPaths, 'database' | 'process'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly closing: Closing;
}

/**
 * The records for a command: from PostgreSQL, from the process that has the data directory, or, where none lives, from
 * the directory itself. null: nothing has been written yet.
 *
 * @throws TenkyoError `data_locked` when another process has the directory and answers no commands
 */
export const openCommandRecords = async ({
  config: { database },
  paths,
  clock,
  logger,
  closing,
}: CommandRecordsOptions): Promise<CommandRecords | null> => {
  if (database === null && !existsSync(paths.database)) return null;
  const open = async () => {
    if (database !== null) return openPostgres({ config: database, clock, logger });
    const embedded = await openPglite({ directory: paths.database });
    closing.add('database', embedded.close);
    return embedded.dialect;
  };
  try {
    const store = await createStore({ dialect: await open(), clock });
    closing.add('store', store.close);
    return store;
  } catch (error) {
    const control = asTenkyoError(error).code === 'data_locked' && database === null ? controlOf(paths.process) : null;
    if (control === null) throw error;
    return livingRecords(control);
  }
};
