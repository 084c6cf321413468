import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Embedder } from './embedder.ts';

/** Vectors of passages that were embedded before, by any build: one SQLite file, which may be deleted at any time. */
export interface EmbeddingCache {
  /** The embedder, asked only for passages that it has not embedded before. Queries pass by. */
  wrap(embedder: Embedder): Embedder;
  close(): void;
}

const cacheVersion = 1;
const hashBytes = 16;

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
          embedder integer not null, hash blob not null, vector blob not null, primary key (embedder, hash)
        ) strict, without rowid;
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

export const openEmbeddingCache = ({ file }: { file: string }): EmbeddingCache => {
  const database = openOrBegin(file);
  const addEmbedder = database.prepare('insert or ignore into embedders (fingerprint) values (?)');
  const embedderId = database.prepare('select id from embedders where fingerprint = ?');
  const find = database.prepare('select vector from vectors where embedder = ? and hash = ?');
  const keep = database.prepare('insert or replace into vectors (embedder, hash, vector) values (?, ?, ?)');

  const keepAll = (id: number, entries: readonly { hash: Uint8Array; vector: Float32Array | null }[]): void => {
    database.exec('begin immediate');
    try {
      for (const { hash, vector } of entries) keep.run(id, hash, toBlob(vector));
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
          for (const [index, hash] of hashes.entries()) {
            const { vector } = (find.get(id, hash) as { vector: Uint8Array } | undefined) ?? { vector: null };
            if (vector && (vector.length === 0 || vector.length === wanted)) vectors[index] = fromBlob(vector);
            else missing.push(index);
          }
          if (missing.length === 0) return vectors;
          const made = await embedder.embed(
            missing.map((index) => texts[index]!),
            role,
            options,
          );
          for (const [place, index] of missing.entries()) vectors[index] = made[place]!;
          keepAll(
            id,
            missing.map((index) => ({ hash: hashes[index]!, vector: vectors[index]! })),
          );
          return vectors;
        },
      };
    },
    close: () => database.close(),
  };
};
