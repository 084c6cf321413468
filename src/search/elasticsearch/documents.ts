import { type Document, type DocumentRef, passageId } from '../../corpus/document.ts';
import type { DocumentStore, StoredPassage } from '../ports.ts';
import type { ElasticsearchConnection } from './connect.ts';
import { type ErrorPlace, explainElasticsearchError, explainStatus } from './errors.ts';
import type { MultiSearch, SearchHit } from './multi-search.ts';
import { documentKey } from './names.ts';
import type { StoredDocument } from './schema.ts';

type PassageFields = Omit<StoredPassage, 'id'>;

/** Most hits of one search, by the server's own rule (`index.max_result_window`). */
const page = 10_000;
const idsAtOnce = 500;

const asPassage = (fields: PassageFields): StoredPassage => ({
  ...fields,
  id: passageId(fields, fields.start, fields.end),
});

const asDocument = ({ meta, draw: _draw, ...document }: StoredDocument): Document => ({
  ...document,
  meta: JSON.parse(meta) as Document['meta'],
});

export const createDocumentStore = ({
  connection: { client },
  search,
  indexes,
  place,
}: {
  connection: ElasticsearchConnection;
  search: MultiSearch;
  indexes: { readonly documents: string; readonly passages: string };
  place: ErrorPlace;
}): DocumentStore => {
  /** By `_id`; null where there is none. */
  const get = async <T>(index: string, ids: readonly string[]): Promise<(T | null)[]> => {
    const found: (T | null)[] = [];
    try {
      for (let from = 0; from < ids.length; from += idsAtOnce) {
        const { docs } = await client.mget<T>({
          index,
          ids: ids.slice(from, from + idsAtOnce),
          realtime: false,
          filter_path: 'docs._source,docs.found,docs.error.type,docs.error.reason',
        });
        for (const doc of docs) {
          if ('error' in doc) throw explainStatus(404, doc, place);
          found.push(doc._source ?? null);
        }
      }
    } catch (error) {
      throw explainElasticsearchError(error, place);
    }
    return found;
  };

  const inDocument = async ({ source, sequence }: DocumentRef, from: number, to: number): Promise<SearchHit[]> => {
    const filter = [
      { term: { source } },
      { term: { sequence } },
      { range: { start: { lt: to } } },
      { range: { end: { gt: from } } },
    ];
    const found: SearchHit[] = [];
    for (;;) {
      const after = found.at(-1)?.sort;
      const { hits } = await search.ask(
        { index: indexes.passages },
        { query: { bool: { filter } }, size: page, sort: ['start'], ...(after && { search_after: after }) },
      );
      found.push(...hits.hits);
      if (hits.hits.length < page) return found;
    }
  };

  return {
    passages: async (ids) => {
      const found = await get<PassageFields>(indexes.passages, ids);
      return found.flatMap((fields) => (fields ? [asPassage(fields)] : []));
    },
    passagesIn: async (document, from, to) =>
      (await inDocument(document, from, to)).map(({ _source }) => asPassage(_source as PassageFields)),
    document: async (document) => {
      const [found] = await get<StoredDocument>(indexes.documents, [documentKey(document)]);
      return found ? asDocument(found) : null;
    },
    byId: async (id) => {
      const { hits } = await search.ask(
        { index: indexes.documents },
        { query: { term: { id } }, size: 100, sort: ['source', 'sequence'] },
      );
      return hits.hits.map(({ _source }) => asDocument(_source as StoredDocument));
    },
  };
};
