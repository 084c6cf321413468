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

/** @param known passages that were looked up already */
export const createHitDocuments = (
  store: Pick<DocumentStore, 'passages'>,
  known: ReadonlyMap<string, StoredPassage>,
): HitDocuments => {
  const passages = new Map(known);
  const asked = new Set(known.keys());

  const lookUp = async (ids: readonly string[]): Promise<void> => {
    const wanted = ids.filter((id) => !asked.has(id) && asked.add(id));
    for (const passage of wanted.length > 0 ? await store.passages(wanted) : []) passages.set(passage.id, passage);
  };

  return {
    passages,
    languagesOf: async (lists) => {
      const said = new Map<string, string | null>();
      for (const list of lists) {
        for (const { passageId, lang } of list) if (lang !== undefined) said.set(passageId, lang);
      }
      await lookUp(lists.flatMap((list) => list.map(({ passageId }) => passageId)).filter((id) => !said.has(id)));
      return (id) => said.get(id) ?? passages.get(id)?.lang ?? null;
    },
    present: async (hits) => {
      await lookUp(hits.map(({ passageId }) => passageId));
      return hits.filter(({ passageId }) => passages.has(passageId));
    },
  };
};
