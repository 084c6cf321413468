import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { TenkyoError } from '../../../src/errors.ts';
import { FILES_SCHEMA, SCHEMA, SCHEMA_VERSION } from './schema.ts';

export type Row = Record<string, string | number | null>;

/** The workspace's file. Statements are prepared once; effects wait for the commit. */
export interface Database {
  all(sql: string, ...values: SQLInputValue[]): Row[];
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** How many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** All or nothing; one inside another joins it. */
  transaction<T>(work: () => T): T;
  /** Runs after the transaction in progress is on disk (at once when there is none), never when it is rolled back. */
  afterCommit(effect: () => void): void;
  close(): void;
}

const open = (file: string): DatabaseSync => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // It holds the tokens of the apps and of the page: for its owner's eyes only, its journal too.
    closeSync(openSync(file, 'a', 0o600));
    const database = new DatabaseSync(file, { timeout: 5_000 });
    // NORMAL with a write-ahead log survives the death of the process; a conversation in a local workspace needs no more.
    database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on');
    return database;
  } catch (cause) {
    throw new TenkyoError('file_corrupt', 'the local workspace cannot open its file', {
      cause,
      where: file,
      expected: 'an SQLite database that this process may write',
      found: (cause as Error).message,
      remedy: 'Move the file away to start with an empty workspace, or give another data directory with --data.',
    });
  }
};

const migrate = (database: DatabaseSync, file: string): void => {
  const version = Number(database.prepare('pragma user_version').get()?.user_version ?? 0);
  if (version === SCHEMA_VERSION) return;
  if (version === 1) {
    database.exec(`begin immediate; ${FILES_SCHEMA} pragma user_version = ${SCHEMA_VERSION}; commit`);
    return;
  }
  if (version !== 0) {
    throw new TenkyoError('data_version', 'the local workspace was written by another version of Tenkyo', {
      where: file,
      expected: `version ${SCHEMA_VERSION}`,
      found: `version ${version}`,
      remedy: 'Use the version that wrote it, or move the file away to start with an empty workspace.',
    });
  }
  database.exec(`begin immediate; ${SCHEMA} ${FILES_SCHEMA} pragma user_version = ${SCHEMA_VERSION}; commit`);
};

export const openDatabase = (file: string): Database => {
  const database = open(file);
  try {
    migrate(database, file);
  } catch (error) {
    database.close();
    throw error;
  }
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const prepared = (sql: string) => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  let depth = 0;
  let effects: (() => void)[] = [];

  return {
    all: (sql, ...values) => prepared(sql).all(...values) as Row[],
    get: (sql, ...values) => prepared(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => Number(prepared(sql).run(...values).changes),
    transaction: (work) => {
      if (depth > 0) return work();
      database.exec('begin immediate');
      depth = 1;
      try {
        const result = work();
        database.exec('commit');
        depth = 0;
        const due = effects;
        effects = [];
        for (const effect of due) effect();
        return result;
      } catch (error) {
        if (depth > 0) {
          depth = 0;
          effects = [];
          database.exec('rollback');
        }
        throw error;
      }
    },
    afterCommit: (effect) => {
      if (depth > 0) effects.push(effect);
      else effect();
    },
    close: () => database.close(),
  };
};
