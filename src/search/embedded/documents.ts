import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import { type Document, parsePassageId, passageId } from '../../corpus/document.ts';
import { createBreath } from '../breathe.ts';
import type { DocumentStore, StoredPassage } from '../ports.ts';

type DocumentRow = Omit<Document, 'meta'> & { readonly meta: string };
type PassageRow = [
  documentId: string,
  source: string,
  sequence: number,
  title: string | null,
  url: string | null,
  lang: string | null,
  text: string,
  start: number,
  end: number,
];

const documentColumns = 'd.id, d.source, d.sequence, d.text, d.title, d.url, d.lang, d.meta';
const passageColumns = 'd.id, d.source, d.sequence, d.title, d.url, d.lang, d.text, p.start, p."end"';
const joined = 'passages p join documents d on d.row = p.document where d.source = ? and d.sequence = ?';

const asDocument = (row: unknown): Document => {
  const { meta, ...document } = row as DocumentRow;
  return { ...document, meta: JSON.parse(meta) as Document['meta'] };
};

const passageOf = (
  document: Pick<StoredPassage, 'documentId' | 'source' | 'sequence' | 'title' | 'url' | 'lang'>,
  text: string,
  { start, end }: { start: number; end: number },
): StoredPassage => ({ ...document, start, end, id: passageId(document, start, end), text: text.slice(start, end) });

export const createDocumentStore = ({
  database,
  clock,
  guard,
}: {
  database: DatabaseSync;
  clock: Pick<Clock, 'now'>;
  guard: <T>(read: () => T) => T;
}): DocumentStore => {
  const one = database.prepare(`select ${passageColumns} from ${joined} and p.start = ? and p."end" = ?`);
  // A hundred of these are looked up for a search: an array costs less than an object.
  one.setReturnArrays(true);
  const ranges = database.prepare(
    `select p.start, p."end" as "end" from ${joined} and p.start < ? and p."end" > ? order by p.start`,
  );
  const document = database.prepare(`select ${documentColumns} from documents d where d.source = ? and d.sequence = ?`);
  const byId = database.prepare(`select ${documentColumns} from documents d where d.id = ? order by d.row`);
  return {
    passages: async (ids) => {
      const breath = createBreath({ clock });
      const found: StoredPassage[] = [];
      for (const id of ids) {
        const named = parsePassageId(id);
        const row = named && guard(() => one.get(named.source, named.sequence, named.start, named.end));
        if (row) {
          const [documentId, source, sequence, title, url, lang, text, start, end] = row as unknown as PassageRow;
          found.push(passageOf({ documentId, source, sequence, title, url, lang }, text, { start, end }));
        }
        if (breath.due()) await breath.take();
      }
      return found;
    },
    passagesIn: async ({ source, sequence }, from, to) =>
      guard(() => {
        const row = document.get(source, sequence);
        if (!row) return [];
        const { id, text, title, url, lang } = row as unknown as DocumentRow;
        const shared = { documentId: id, source, sequence, title, url, lang };
        const end = Math.min(to, text.length);
        return (ranges.all(source, sequence, end, from) as unknown as { start: number; end: number }[]).map((range) =>
          passageOf(shared, text, range),
        );
      }),
    document: async ({ source, sequence }) => {
      const row = guard(() => document.get(source, sequence));
      return row ? asDocument(row) : null;
    },
    byId: async (id) => guard(() => byId.all(id).map(asDocument)),
  };
};
