import type { Clock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import type { LazyConnection } from '../elasticsearch/connect.ts';
import { createLatest } from '../elasticsearch/current-index.ts';
import type { CurrentIndex } from '../embedded/current-index.ts';
import type { SearchIndex, VectorIndex } from '../ports.ts';
import { createCurrentVectors } from '../qdrant/current-index.ts';
import type { Qdrant } from '../qdrant/qdrant.ts';
import { serverVectorsFingerprint } from '../qdrant/target.ts';

export interface CurrentOnServersOptions {
  readonly connection: Pick<LazyConnection, 'get'>;
  /** Begins the names of all indexes on Elasticsearch. */
  readonly prefix: string;
  readonly corpus: string;
  /** null: no vector server is configured, and vector search is off. */
  readonly vectors: { readonly qdrant: Qdrant; readonly namespace: string } | null;
  /** The configured embedder's fingerprint; null: none is configured. */
  readonly embedder: string | null;
  readonly clock: Clock;
}

const otherEmbedder = (corpus: string, wanted: string, found: string): VectorIndex => ({
  search: async () => {
    throw new TenkyoError('index_mismatch', `the vectors of "${corpus}" were made by another embedding model`, {
      expected: wanted.slice(0, 12),
      found: found.slice(0, 12),
      remedy: `Build them again: tenkyo index ${corpus}`,
    });
  },
});

/**
 * An index of which nothing is on this machine: texts, keywords and stretches on Elasticsearch, vectors on Qdrant, those
 * that were made of the very texts that are current. Without Qdrant the vector engine is reported and the search answers
 * with what is left; without Elasticsearch there are no texts to show, and the search says so.
 */
export const createCurrentOnServers = (options: CurrentOnServersOptions): CurrentIndex => {
  const { corpus, vectors, embedder } = options;
  const latest = createLatest(options);
  const vectorsOf = vectors && embedder !== null ? createCurrentVectors({ ...vectors, corpus, embedder }) : null;

  const vectorOf = ({ facts }: SearchIndex): VectorIndex | null => {
    if (vectorsOf === null || embedder === null || facts.embedder === null) return null;
    if (facts.embedder !== embedder) return otherEmbedder(corpus, embedder, facts.embedder);
    return vectorsOf(serverVectorsFingerprint(facts.fingerprint, embedder));
  };

  return {
    use: async (work) => {
      const index = await latest();
      return work({ ...index, vector: vectorOf(index) });
    },
    close: async () => undefined,
  };
};
