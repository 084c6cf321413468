import type { CurrentIndex } from '../embedded/current-index.ts';
import type { VectorIndex } from '../ports.ts';
import type { Qdrant } from './qdrant.ts';
import { vectorsFingerprint } from './target.ts';
import { openVectors } from './vector-index.ts';

interface CurrentVectorsOptions {
  readonly qdrant: Qdrant;
  readonly namespace: string;
  readonly corpus: string;
  /** The configured embedder's fingerprint. */
  readonly embedder: string;
}

/** Vectors by the name of their build, opened by the first search; what fails now may be there at the next. */
export const createCurrentVectors = (options: CurrentVectorsOptions): ((build: string) => VectorIndex) => {
  let opened: { readonly build: string; readonly vector: Promise<VectorIndex> } | null = null;

  const vectorsOf = (build: string): Promise<VectorIndex> => {
    if (opened?.build === build) return opened.vector;
    const opening = { build, vector: openVectors({ ...options, build }).then(({ vector }) => vector) };
    opened = opening;
    opening.vector.catch(() => {
      if (opened === opening) opened = null;
    });
    return opening.vector;
  };

  return (build) => ({ search: async (...asked) => (await vectorsOf(build)).search(...asked) });
};

/**
 * An index whose vectors are looked up on Qdrant, in the build that belongs to the rest of it. While the server is down,
 * or has not that build, the vector engine is reported and the search answers with what is left.
 */
export const createCurrentQdrant = (inner: CurrentIndex, options: CurrentVectorsOptions): CurrentIndex => {
  const vectorsOf = createCurrentVectors(options);
  return {
    use: (work) =>
      inner.use((index) => {
        if (index.facts.embedder === null) return work(index);
        const build = vectorsFingerprint(index.facts.fingerprint, index.means ?? null);
        return work({ ...index, vector: vectorsOf(build) });
      }),
    close: () => inner.close(),
  };
};
