import { DatabaseSync } from 'node:sqlite';

/** All that a reader finds in the database of a build: two with the same content are the same index. */
export const indexContent = (file: string): Record<string, unknown[]> => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const all = (query: string) => database.prepare(query).all();
    return {
      documents: all('select * from documents order by row'),
      passages: all('select * from passages order by row'),
      terms: all('select * from keyword_terms'),
      postings: all('select * from keyword_postings'),
      vectors: all('select * from vectors order by passage'),
    };
  } finally {
    database.close();
  }
};

/** The same, whatever the order in which documents came. */
export const unorderedContent = (file: string): Record<string, string[]> => {
  const database = new DatabaseSync(file, { readOnly: true });
  const named = `d.source || ':' || d.sequence || ':' || p.start || '-' || p."end"`;
  const rows = (query: string) =>
    database
      .prepare(query)
      .all()
      .map((row) => JSON.stringify(row))
      .toSorted();
  try {
    return {
      documents: rows('select id, source, sequence, text, title, url, lang, meta from documents'),
      passages: rows(`select ${named} as name, p.tokens from passages p join documents d on d.row = p.document`),
      postings: rows(
        `select k.term, k."offset", ${named} as name from keyword_postings k
         join passages p on p.row = k.doc join documents d on d.row = p.document`,
      ),
      vectors: rows(
        `select ${named} as name, hex(v.vector) as vector from vectors v
         join passages p on p.row = v.passage join documents d on d.row = p.document`,
      ),
    };
  } finally {
    database.close();
  }
};
