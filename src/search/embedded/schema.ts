import type { DatabaseSync } from 'node:sqlite';

/** Name of the one database file of a build. */
export const databaseName = 'index.sqlite';

/** Goes into an index's fingerprint: raised with each change of the tables and files. */
export const schemaVersion = 2;

/**
 * Tokens come from `src/text`, joined by spaces. FTS5 must take them as they are, so its simplest tokenizer is told
 * that the ASCII signs that ICU leaves inside a word ("don't", "3.14") belong to it; all else above ASCII does anyway.
 */
const fts5Tokenizer = `ascii tokenchars '''.,:;_-"'`;

export const createTables = (database: DatabaseSync): void =>
  database.exec(`
    create table if not exists documents (
      row integer primary key,
      id text not null,
      source text not null,
      sequence integer not null,
      text text not null,
      title text,
      url text,
      lang text,
      meta text not null,
      unique (source, sequence)
    ) strict;
    create index if not exists documents_by_id on documents (id);
    create table if not exists passages (
      row integer primary key,
      document integer not null references documents (row),
      start integer not null,
      "end" integer not null,
      tokens integer not null,
      unique (document, start)
    ) strict;
    create table if not exists vectors (passage integer primary key references passages (row), vector blob not null) strict;
    create table if not exists progress (key text primary key, value text not null) strict;
    create virtual table if not exists keyword using fts5 (
      tokens, content = '', contentless_delete = 1, tokenize = "${fts5Tokenizer.replaceAll('"', '""')}"
    );
    create virtual table if not exists keyword_terms using fts5vocab (keyword, row);
    create virtual table if not exists keyword_postings using fts5vocab (keyword, instance);
  `);
