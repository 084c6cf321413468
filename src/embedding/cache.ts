import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Embedder } from './embedder.ts';

/**
 * Vectors of passages that were embedded before, by any build: one SQLite file, which may be deleted at any time. When
 * it is full, those go that no build has asked for the longest.
 */
export interface EmbeddingCache {
  /** The embedder, asked only for passages that it has not embedded before. Queries pass by. */
  wrap(embedder: Embedder): Embedder;
  close(): void;
}

const cacheVersion = 2;
const hashBytes = 16;
/** Rows that make room at a time, and the share of the limit that is left then. */
const rowsAtOnce = 100;
const afterwards = 0.9;

const open = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  try {
    // Nothing is lost that can't be made again: no waiting for the disk.
    database.exec('pragma journal_mode = wal; pragma synchronous = off; pragma busy_timeout = 5000');
    const { user_version } = database.prepare('pragma user_version').get() as { user_version: number };
    if (user_version !== cacheVersion) {
      database.exec(`
        drop table if exists vectors;
        drop table if exists embedders;
        create table embedders (id integer primary key, fingerprint text not null unique) strict;
        create table vectors (
          embedder integer not null, hash blob not null, vector blob not null, used integer not null
        ) strict;
        create unique index vectors_by_hash on vectors (embedder, hash);
        create index vectors_by_use on vectors (used);
        pragma user_version = ${cacheVersion};
      `);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** A file that is no database, or a damaged one, is begun anew. */
const openOrBegin = (file: string): DatabaseSync => {
  mkdirSync(dirname(file), { recursive: true });
  try {
    return open(file);
  } catch {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    return open(file);
  }
};

const hashOf = (text: string): Uint8Array => createHash('sha256').update(text).digest().subarray(0, hashBytes);

/** A text without a vector is kept as one of no length. */
const toBlob = (vector: Float32Array | null): Uint8Array =>
  vector ? new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength) : new Uint8Array(0);

const fromBlob = (blob: Uint8Array): Float32Array | null =>
  blob.length > 0 ? new Float32Array(blob.slice().buffer) : null;

export interface EmbeddingCacheOptions {
  readonly file: string;
  /** Of the file, about; least 1 MB. Default: no limit. */
  readonly limitBytes?: number;
}

export const openEmbeddingCache = ({
  file,
  limitBytes = Number.POSITIVE_INFINITY,
}: EmbeddingCacheOptions): EmbeddingCache => {
  const database = openOrBegin(file);
  const addEmbedder = database.prepare('insert or ignore into embedders (fingerprint) values (?)');
  const embedderId = database.prepare('select id from embedders where fingerprint = ?');
  const find = database.prepare('select vector, used from vectors where embedder = ? and hash = ?');
  const keep = database.prepare('insert or replace into vectors (embedder, hash, vector, used) values (?, ?, ?, ?)');
  const touch = database.prepare('update vectors set used = ? where embedder = ? and hash = ?');
  const removeOldest = database.prepare(
    'delete from vectors where rowid in (select rowid from vectors order by used, rowid limit ?)',
  );
  const numberOf = (pragma: string): number =>
    Object.values(database.prepare(`pragma ${pragma}`).get() ?? {})[0] as number;
  const pageBytes = numberOf('page_size');
  const usedBytes = (): number => (numberOf('page_count') - numberOf('freelist_count')) * pageBytes;

  // Uses are numbered, not timed: what is used again after it was opened counts as new.
  const { last } = database.prepare('select coalesce(max(used), 0) as last from vectors').get() as { last: number };
  let use = last;

  const makeRoom = (): void => {
    if (usedBytes() <= limitBytes) return;
    while (usedBytes() > afterwards * limitBytes && removeOldest.run(rowsAtOnce).changes > 0);
  };

  const keepAll = (
    id: number,
    entries: readonly { hash: Uint8Array; vector: Float32Array | null }[],
    again: readonly Uint8Array[],
  ): void => {
    use++;
    database.exec('begin immediate');
    try {
      for (const { hash, vector } of entries) keep.run(id, hash, toBlob(vector), use);
      for (const hash of again) touch.run(use, id, hash);
      if (entries.length > 0) makeRoom();
      database.exec('commit');
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  };

  return {
    wrap: (embedder) => {
      addEmbedder.run(embedder.fingerprint);
      const { id } = embedderId.get(embedder.fingerprint) as { id: number };
      const wanted = embedder.dimensions * Float32Array.BYTES_PER_ELEMENT;
      return {
        ...embedder,
        embed: async (texts, role, options) => {
          if (role === 'query') return embedder.embed(texts, role, options);
          const hashes = texts.map(hashOf);
          const vectors = new Array<Float32Array | null>(texts.length).fill(null);
          const missing: number[] = [];
          const again: Uint8Array[] = [];
          for (const [index, hash] of hashes.entries()) {
            const found = find.get(id, hash) as { vector: Uint8Array; used: number } | undefined;
            if (found && (found.vector.length === 0 || found.vector.length === wanted)) {
              vectors[index] = fromBlob(found.vector);
              if (found.used <= last) again.push(hash);
            } else missing.push(index);
          }
          if (missing.length + again.length === 0) return vectors;
          const made =
            missing.length === 0
              ? []
              : await embedder.embed(
                  missing.map((index) => texts[index]!),
                  role,
                  options,
                );
          for (const [place, index] of missing.entries()) vectors[index] = made[place]!;
          keepAll(
            id,
            missing.map((index) => ({ hash: hashes[index]!, vector: vectors[index]! })),
            again,
          );
          return vectors;
        },
      };
    },
    close: () => database.close(),
  };
};
