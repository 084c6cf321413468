import { DatabaseSync } from 'node:sqlite';
import { chunk } from '../../corpus/chunk.ts';
import type { Document, DocumentRef } from '../../corpus/document.ts';
import { keywordTokens } from '../../text/tokens.ts';
import { createTables } from './schema.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A passage that waits for its vector. */
interface Unembedded {
  readonly row: number;
  readonly title: string | null;
  readonly text: string;
}

/**
 * Writes one build's database. A batch is one transaction together with the caller's note of how far it is, so that a
 * killed build goes on where its last batch ended.
 */
export interface IndexWriter {
  /** Runs `work` in a transaction. */
  batch(work: () => void): void;
  addDocument(document: Document): void;
  note(key: string, value: string): void;
  noted(key: string): string | null;
  /** Passages after `row`, at most `limit`, in order of their rows. */
  passagesAfter(row: number, limit: number): Unembedded[];
  addVector(row: number, vector: Float32Array): void;
  /** At most `limit` passages, evenly spread over the corpus. */
  sample(limit: number): { source: string; sequence: number; text: string }[];
  counts(): { documents: number; passages: number; vectors: number };
  /** A step of tidying the keyword index; false: nothing is left to do. */
  tidy(): boolean;
  /** Puts everything into the one file. */
  finish(): void;
  /** A build closed without `finish` can be resumed. */
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
    'select p.row, d.title, d.text, p.start, p."end" as "end" from passages p join documents d on d.row = p.document where p.row > ? order by p.row limit ?',
  );
  const selectOne = database.prepare(
    'select d.source, d.sequence, d.text, p.start, p."end" as "end" from passages p join documents d on d.row = p.document where p.row = ?',
  );
  const counted = database.prepare(
    'select (select count(*) from documents) as documents, (select count(*) from passages) as passages, (select count(*) from vectors) as vectors',
  );
  const merge = database.prepare("insert into keyword (keyword, rank) values ('merge', ?)");
  const changes = database.prepare('select total_changes() as changes');
  const totalChanges = (): number => (changes.get() as { changes: number }).changes;
  let tidying = false;

  return {
    batch: (work) => {
      database.exec('begin immediate');
      try {
        work();
        database.exec('commit');
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    },
    addDocument: (document) => {
      const { id, source, sequence, text, title, url, lang, meta } = document;
      const added = insertDocument.run(id, source, sequence, text, title, url, lang, JSON.stringify(meta));
      const titleTokens = title === null ? [] : keywordTokens(title);
      for (const passage of chunk(document)) {
        const tokens = [...titleTokens, ...keywordTokens(passage.text)];
        const { lastInsertRowid } = insertPassage.run(added.lastInsertRowid, passage.start, passage.end, tokens.length);
        insertTokens.run(lastInsertRowid, tokens.join(' '));
      }
    },
    note: (key, value) => {
      setNote.run(key, value);
    },
    noted: (key) => (getNote.get(key) as { value: string } | undefined)?.value ?? null,
    passagesAfter: (row, limit) =>
      (selectPassages.all(row, limit) as unknown as (Unembedded & { start: number; end: number })[]).map(
        ({ start, end, text, ...passage }) => ({ ...passage, text: text.slice(start, end) }),
      ),
    addVector: (row, vector) => {
      insertVector.run(row, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
    },
    sample: (limit) => {
      const { passages } = counted.get() as { passages: number };
      const wanted = Math.min(limit, passages);
      return Array.from({ length: wanted }, (_, index) => {
        const row = selectOne.get(1 + Math.floor(((index + 0.5) * passages) / wanted));
        const { text, start, end, ...document } = row as unknown as DocumentRef & Range & { text: string };
        return { ...document, text: text.slice(start, end) };
      });
    },
    counts: () => counted.get() as { documents: number; passages: number; vectors: number },
    tidy: () => {
      const before = totalChanges();
      // FTS5's recipe for merging all segments in steps: the first has a negative size, the others a positive one.
      merge.run(tidying ? tidyPages : -tidyPages);
      tidying = true;
      return totalChanges() - before >= 2;
    },
    finish: () => database.exec('pragma wal_checkpoint(truncate); pragma journal_mode = delete'),
    close: () => database.close(),
  };
};
