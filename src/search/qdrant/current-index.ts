import type { CurrentIndex } from '../embedded/current-index.ts';
import type { VectorIndex } from '../ports.ts';
import type { Qdrant } from './qdrant.ts';
import { vectorsFingerprint } from './target.ts';
import { openVectors } from './vector-index.ts';

/**
 * An index whose vectors are looked up on Qdrant, in the build that belongs to the rest of it. While the server is down,
 * or has not that build, the vector engine is reported and the search answers with what is left.
 *
 * @param embedder the configured embedder's fingerprint
 */
export const createCurrentQdrant = (
  inner: CurrentIndex,
  { embedder, ...names }: { qdrant: Qdrant; namespace: string; corpus: string; embedder: string },
): CurrentIndex => {
  let opened: { readonly build: string; readonly vector: Promise<VectorIndex> } | null = null;

  const vectorsOf = (build: string): Promise<VectorIndex> => {
    if (opened?.build === build) return opened.vector;
    const opening = { build, vector: openVectors({ ...names, build, embedder }).then(({ vector }) => vector) };
    opened = opening;
    // What fails now may be there at the next search.
    opening.vector.catch(() => {
      if (opened === opening) opened = null;
    });
    return opening.vector;
  };

  return {
    use: (work) =>
      inner.use((index) => {
        if (index.facts.embedder === null) return work(index);
        const build = vectorsFingerprint(index.facts.fingerprint, index.means ?? null);
        const vector: VectorIndex = { search: async (...asked) => (await vectorsOf(build)).search(...asked) };
        return work({ ...index, vector });
      }),
    close: () => inner.close(),
  };
};
