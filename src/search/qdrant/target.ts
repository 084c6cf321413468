import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { LanguageMeans } from '../../embedding/centring.ts';
import { TenkyoError } from '../../errors.ts';
import type { VectorTarget } from '../index-target.ts';
import type { Qdrant } from './qdrant.ts';
import { openVectors } from './vector-index.ts';
import { openVectorWriter } from './writer.ts';

export interface QdrantTargetOptions {
  readonly qdrant: Qdrant;
  /** Before the names of collections. */
  readonly namespace: string;
  readonly shards: number;
  readonly replicas: number;
  readonly clock: Clock;
}

/** Names the vectors of an index: those of the same texts, centred by other means, are others. */
export const vectorsFingerprint = (index: string, means: LanguageMeans | null): string =>
  means === null
    ? index
    : createHash('sha256')
        .update(JSON.stringify([index, means]))
        .digest('hex')
        .slice(0, 16);

/** Names the vectors of an index whose texts stand on another server, which keeps the means. */
export const serverVectorsFingerprint = (texts: string, embedder: string): string =>
  createHash('sha256')
    .update(JSON.stringify([texts, embedder]))
    .digest('hex')
    .slice(0, 16);

/** Qdrant as a place where `tenkyo index` puts vectors. */
export const createQdrantTarget = ({ qdrant, namespace, clock, ...copies }: QdrantTargetOptions): VectorTarget => ({
  name: 'qdrant',
  isCurrent: async ({ corpus, fingerprint, embedder }) => {
    try {
      const { facts } = await openVectors({ qdrant, namespace, corpus, build: null, embedder });
      return facts.fingerprint === fingerprint;
    } catch (error) {
      if (error instanceof TenkyoError && (error.code === 'index_missing' || error.code === 'index_mismatch'))
        return false;
      throw error;
    }
  },
  open: async ({ corpus, fingerprint, embedder }) =>
    (await openVectors({ qdrant, namespace, corpus, build: fingerprint, embedder })).vector,
  begin: ({ corpus, fingerprint, embedder }, size) =>
    openVectorWriter({
      qdrant,
      namespace,
      corpus,
      build: fingerprint,
      fingerprint,
      embedder,
      ...size,
      ...copies,
      clock,
    }),
});
