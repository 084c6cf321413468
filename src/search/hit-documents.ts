import type { FusedHit } from './fuse.ts';
import type { DocumentStore, ScoredPassage, StoredPassage } from './ports.ts';

/** The passages behind the hits of one search, each looked up once and only when it is needed. */
export interface HitDocuments {
  /** Those looked up so far. */
  readonly passages: ReadonlyMap<string, StoredPassage>;
  /** Languages of the passages found: by what the engines say, else by the documents. */
  languagesOf(lists: readonly (readonly ScoredPassage[])[]): Promise<(passageId: string) => string | null>;
  /** Looks up these; those that the index no longer has are left out. */
  present(hits: readonly FusedHit[]): Promise<FusedHit[]>;
}

export const createHitDocuments = (store: Pick<DocumentStore, 'passages'>): HitDocuments => {
  const passages = new Map<string, StoredPassage>();
  const asked = new Set<string>();

  const lookUp = async (ids: Iterable<string>): Promise<void> => {
    const wanted = [...new Set(ids)].filter((id) => !asked.has(id));
    for (const id of wanted) asked.add(id);
    for (const passage of wanted.length > 0 ? await store.passages(wanted) : []) passages.set(passage.id, passage);
  };

  return {
    passages,
    languagesOf: async (lists) => {
      const known = new Map<string, string | null>();
      for (const { passageId, lang } of lists.flat()) if (lang !== undefined) known.set(passageId, lang);
      await lookUp(lists.flat().flatMap(({ passageId }) => (known.has(passageId) ? [] : [passageId])));
      return (id) => known.get(id) ?? passages.get(id)?.lang ?? null;
    },
    present: async (hits) => {
      await lookUp(hits.map(({ passageId }) => passageId));
      return hits.filter(({ passageId }) => passages.has(passageId));
    },
  };
};
