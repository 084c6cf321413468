import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type Dialect, PGliteDialect } from 'kysely';
import { TenkyoError } from '../../errors.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';

export interface PgliteOptions {
  /** Made when missing; its parent holds the lock file. */
  readonly directory: string;
  /** Taken already, for something beside it; else it is taken here. Released when the database closes. */
  readonly lock?: DirectoryLock;
}

/** The one PostgreSQL of the process, which records and queues share. */
export interface EmbeddedDatabase {
  readonly pglite: PGlite;
  /** For `createStore`; closing the store leaves the database open, since the queues need it longer. */
  readonly dialect: Dialect;
  /** Last of all: after intake, pumps, workers, queues and store. */
  close(): Promise<void>;
}

/**
 * Opens PGlite in a directory that no other process has open.
 *
 * @throws TenkyoError('data_locked') when a living process has it
 * @throws TenkyoError('file_corrupt') when PostgreSQL can't read it
 */
export const openPglite = async ({
  directory,
  lock = lockDirectory(directory),
}: PgliteOptions): Promise<EmbeddedDatabase> => {
  const pglite = await open(directory).catch((error) => {
    lock.release();
    throw error;
  });
  const shared = {
    query: pglite.query.bind(pglite),
    transaction: pglite.transaction.bind(pglite),
    waitReady: pglite.waitReady,
    get ready() {
      return pglite.ready;
    },
    get closed() {
      return pglite.closed;
    },
    close: async () => {},
  };
  return {
    pglite,
    dialect: new PGliteDialect({ pglite: shared as unknown as PGlite }),
    close: async () => {
      if (!pglite.closed) await pglite.close();
      lock.release();
    },
  };
};

const open = async (directory: string): Promise<PGlite> => {
  const existed = existsSync(join(directory, 'PG_VERSION'));
  try {
    return await PGlite.create({ dataDir: directory });
  } catch (cause) {
    throw new TenkyoError(
      'file_corrupt',
      existed ? 'the database could not be opened' : 'the database could not be made',
      {
        where: directory,
        found: cause instanceof Error ? cause.message : String(cause),
        remedy: existed
          ? 'Restore the directory from a copy, or move it away to start with an empty one.'
          : 'Check that the directory can be written and that the disk has room.',
        cause,
      },
    );
  }
};
