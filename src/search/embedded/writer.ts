import { DatabaseSync } from 'node:sqlite';
import type { PreparedDocument } from '../prepare-document.ts';
import { createTables } from './schema.ts';

/** A passage that waits for its vector. */
export interface Unembedded {
  readonly row: number;
  readonly documentId: string;
  readonly start: number;
  readonly end: number;
  readonly title: string | null;
  readonly text: string;
}

/**
 * Writes one build's database. What is written and the caller's note of how far it is stand in one transaction, so that
 * a killed build goes on where its last transaction ended.
 */
export interface IndexWriter {
  /** Runs `work` in the open transaction, or in a new one; if it throws, the whole transaction is undone. */
  extend(work: () => void): void;
  commit(): void;
  addDocument(document: PreparedDocument): void;
  note(key: string, value: string): void;
  noted(key: string): string | null;
  /** Passages after `row`, at most `limit`, in order of their rows. */
  passagesAfter(row: number, limit: number): Unembedded[];
  addVector(row: number, vector: Float32Array): void;
  clearVectors(): void;
  counts(): { documents: number; passages: number; vectors: number };
  /** A step of tidying the keyword index; false: nothing is left to do. */
  tidy(): boolean;
  /** Puts everything into the one file. */
  finish(): void;
  /** Commits. A build closed without `finish` can be resumed. */
  close(): void;
}

/** Pages of work in one step of tidying: a few milliseconds. */
const tidyPages = 64;

export const createIndexWriter = (file: string): IndexWriter => {
  const database = new DatabaseSync(file);
  // A killed process loses nothing of a batch that ended. Against a loss of power the file is synced once, at the end.
  database.exec('pragma journal_mode = wal; pragma synchronous = off; pragma foreign_keys = off');
  createTables(database);
  const insertDocument = database.prepare(
    'insert into documents (id, source, sequence, text, title, url, lang, meta) values (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const insertPassage = database.prepare('insert into passages (document, start, "end", tokens) values (?, ?, ?, ?)');
  const insertTokens = database.prepare('insert into keyword (rowid, tokens) values (?, ?)');
  const insertVector = database.prepare('insert into vectors (passage, vector) values (?, ?)');
  const setNote = database.prepare(
    'insert into progress values (?, ?) on conflict (key) do update set value = excluded.value',
  );
  const getNote = database.prepare('select value from progress where key = ?');
  const selectPassages = database.prepare(
    'select p.row, d.id as documentId, d.title, d.text, p.start, p."end" as "end" from passages p join documents d on d.row = p.document where p.row > ? order by p.row limit ?',
  );
  const counted = database.prepare(
    'select (select count(*) from documents) as documents, (select count(*) from passages) as passages, (select count(*) from vectors) as vectors',
  );
  const merge = database.prepare("insert into keyword (keyword, rank) values ('merge', ?)");
  const changes = database.prepare('select total_changes() as changes');
  const totalChanges = (): number => (changes.get() as { changes: number }).changes;
  let tidying = false;

  let open = false;
  const commit = (): void => {
    if (!open) return;
    open = false;
    database.exec('commit');
  };

  return {
    extend: (work) => {
      if (!open) database.exec('begin immediate');
      open = true;
      try {
        work();
      } catch (error) {
        open = false;
        // Some failures undo the transaction themselves.
        if (database.isTransaction) database.exec('rollback');
        throw error;
      }
    },
    commit,
    addDocument: ({ document, passages }) => {
      const { id, source, sequence, text, title, url, lang, meta } = document;
      const added = insertDocument.run(id, source, sequence, text, title, url, lang, JSON.stringify(meta));
      for (const { start, end, tokens, tokenCount } of passages) {
        const { lastInsertRowid } = insertPassage.run(added.lastInsertRowid, start, end, tokenCount);
        insertTokens.run(lastInsertRowid, tokens);
      }
    },
    note: (key, value) => {
      setNote.run(key, value);
    },
    noted: (key) => (getNote.get(key) as { value: string } | undefined)?.value ?? null,
    passagesAfter: (row, limit) =>
      (selectPassages.all(row, limit) as unknown as Unembedded[]).map((passage) => ({
        ...passage,
        text: passage.text.slice(passage.start, passage.end),
      })),
    addVector: (row, vector) => {
      insertVector.run(row, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
    },
    clearVectors: () => database.exec('delete from vectors'),
    counts: () => counted.get() as { documents: number; passages: number; vectors: number },
    tidy: () => {
      const before = totalChanges();
      // FTS5's recipe for merging all segments in steps: the first has a negative size, the others a positive one.
      merge.run(tidying ? tidyPages : -tidyPages);
      tidying = true;
      return totalChanges() - before >= 2;
    },
    finish: () => database.exec('pragma wal_checkpoint(truncate); pragma journal_mode = delete'),
    close: () => {
      try {
        commit();
      } finally {
        database.close();
      }
    },
  };
};
