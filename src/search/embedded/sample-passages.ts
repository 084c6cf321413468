import { DatabaseSync } from 'node:sqlite';
import type { DocumentRef } from '../../corpus/document.ts';

/** At most `limit` passages of a build, evenly spread over the corpus. */
export const samplePassages = (file: string, limit: number): (DocumentRef & { readonly text: string })[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const { count } = database.prepare('select count(*) as count from passages').get() as { count: number };
    const one = database.prepare(
      `select d.source, d.sequence, d.text, p.start, p."end" as "end"
       from passages p join documents d on d.row = p.document where p.row = ?`,
    );
    const wanted = Math.min(limit, count);
    return Array.from({ length: wanted }, (_, index) => {
      const row = one.get(1 + Math.floor(((index + 0.5) * count) / wanted));
      const { text, start, end, ...document } = row as unknown as DocumentRef &
        Record<'start' | 'end', number> & { text: string };
      return { ...document, text: text.slice(start, end) };
    });
  } finally {
    database.close();
  }
};
