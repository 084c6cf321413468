import { DatabaseSync } from 'node:sqlite';
import type { LanguageMeans } from '../../embedding/centring.ts';
import { readMeans } from './means.ts';
import type { Unembedded } from './writer.ts';

/** The vectors of an earlier build, made by the same embedder. */
export interface KnownVectors {
  /** By which they were centred; null: they weren't. */
  readonly means: LanguageMeans | null;
  /** The vector of the same passage of the same document; null: it has none; undefined: not known. */
  find(passage: Unembedded): Float32Array | null | undefined;
  close(): void;
}

interface Found {
  readonly title: string | null;
  readonly text: string;
  readonly vector: Uint8Array | null;
}

const selectPassage = `
  select d.title, d.text, v.vector from documents d join passages p on p.document = d.row
  left join vectors v on v.passage = p.row where d.id = ? and p.start = ? and p."end" = ?`;

/** Opens the database of a build read-only; null: it can't be read. What can't be read in it is not known. */
export const openKnownVectors = (file: string): KnownVectors | null => {
  let database: DatabaseSync | null = null;
  try {
    const opened = new DatabaseSync(file, { readOnly: true });
    database = opened;
    const select = opened.prepare(selectPassage);
    return {
      means: readMeans(opened),
      find: ({ documentId, start, end, title, text }) => {
        try {
          const rows = select.all(documentId, start, end) as unknown as Found[];
          const same = rows.find((row) => row.title === title && row.text.slice(start, end) === text);
          return same && (same.vector ? new Float32Array(same.vector.slice().buffer) : null);
        } catch {
          return undefined;
        }
      },
      close: () => opened.close(),
    };
  } catch {
    database?.close();
    return null;
  }
};
