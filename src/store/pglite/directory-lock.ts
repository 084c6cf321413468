import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TenkyoError } from '../../errors.ts';

export interface DirectoryLock {
  release(): void;
}

const holderOf = (file: string): string => {
  try {
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown };
    return typeof pid === 'number' ? `process ${pid}` : 'another process';
  } catch {
    return 'another process';
  }
};

/**
 * One owner of a data directory at a time. PGlite takes no lock of its own: two processes would write over each other
 * unseen (https://github.com/electric-sql/pglite/issues/1106).
 *
 * The lock is the operating system's, held through an exclusive SQLite transaction on `<directory>.lock`: it goes
 * with its process, however that ends, so no dead process's lock is ever in the way and a process number used again
 * means nothing. `<directory>.lock.json` only names the holder for the message.
 *
 * @throws TenkyoError('data_locked') when a living process has it
 */
export const lockDirectory = (directory: string): DirectoryLock => {
  const file = `${directory}.lock`;
  const holderFile = `${file}.json`;
  mkdirSync(dirname(directory), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file);
  try {
    database.exec('pragma busy_timeout = 0; begin exclusive');
  } catch (cause) {
    database.close();
    throw new TenkyoError('data_locked', 'the data directory is in use', {
      where: directory,
      found: holderOf(holderFile),
      remedy: `Stop ${holderOf(holderFile)}, or choose another directory with --data or TENKYO_DATA.`,
      cause,
    });
  }
  writeFileSync(holderFile, `${JSON.stringify({ pid: process.pid })}\n`, { mode: 0o600 });
  return {
    release: () => {
      if (!database.isOpen) return;
      rmSync(holderFile, { force: true });
      database.close();
    },
  };
};
