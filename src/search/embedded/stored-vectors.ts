import { DatabaseSync } from 'node:sqlite';
import { passageId } from '../../corpus/document.ts';
import type { LanguageMeans } from '../../embedding/centring.ts';
import type { VectorPoint } from '../index-target.ts';
import { readMeans } from './means.ts';

/** The vectors of a whole build, to be carried elsewhere. */
export interface StoredVectors {
  readonly count: number;
  /** 0: there are none. */
  readonly dimensions: number;
  readonly means: LanguageMeans | null;
  /** Points after a row, at most `limit`, in order of their rows. */
  after(row: number, limit: number): { readonly row: number; readonly point: VectorPoint }[];
  close(): void;
}

interface Row {
  readonly row: number;
  readonly vector: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly id: string;
  readonly source: string;
  readonly sequence: number;
  readonly lang: string | null;
}

export const openStoredVectors = (file: string): StoredVectors => {
  const database = new DatabaseSync(file, { readOnly: true });
  const { count, bytes } = database
    .prepare('select count(*) as count, max(length(vector)) as bytes from vectors')
    .get() as {
    count: number;
    bytes: number | null;
  };
  const select = database.prepare(
    `select v.passage as row, v.vector, p.start, p."end" as "end", d.id, d.source, d.sequence, d.lang from vectors v
     join passages p on p.row = v.passage join documents d on d.row = p.document where v.passage > ? order by v.passage limit ?`,
  );
  return {
    count,
    dimensions: (bytes ?? 0) / Float32Array.BYTES_PER_ELEMENT,
    means: readMeans(database),
    after: (after, limit) =>
      (select.all(after, limit) as unknown as Row[]).map(({ row, vector, start, end, id, lang, ...document }) => ({
        row,
        point: {
          passageId: passageId(document, start, end),
          documentId: id,
          lang,
          vector: new Float32Array(vector.slice().buffer),
        },
      })),
    close: () => database.close(),
  };
};
