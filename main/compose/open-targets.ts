import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { createLazyConnection } from '../../src/search/elasticsearch/connect.ts';
import { createElasticsearchTarget } from '../../src/search/elasticsearch/target.ts';
import type { IndexTarget, VectorTarget } from '../../src/search/index-target.ts';
import { createQdrant } from '../../src/search/qdrant/qdrant.ts';
import { createQdrantTarget } from '../../src/search/qdrant/target.ts';

/** Where else than on this machine indexes are built. */
export interface OpenTargets {
  readonly targets: readonly IndexTarget[];
  readonly vectorTargets: readonly VectorTarget[];
  close(): Promise<void>;
}

/** A batch may wait for a merge on the server. */
const timeoutMs = 120_000;

const openElasticsearch = (
  elasticsearch: Config['elasticsearch'],
  clock: Clock,
): Omit<OpenTargets, 'vectorTargets'> => {
  if (elasticsearch === null) return { targets: [], close: async () => undefined };
  const { prefix, shards, replicas, kuromoji, ...server } = elasticsearch;
  const connection = createLazyConnection({ ...server, timeoutMs });
  const settings = { shards, replicas, kuromoji };
  return {
    targets: [createElasticsearchTarget({ connection, prefix, settings, clock })],
    close: () => connection.close(),
  };
};

const openQdrant = (qdrant: Config['qdrant'], clock: Clock): VectorTarget[] => {
  if (qdrant === null) return [];
  const { url, apiKey, ...settings } = qdrant;
  const server = createQdrant({ url, apiKey, timeoutMs, clock, random: Math.random });
  return [createQdrantTarget({ qdrant: server, ...settings, clock })];
};

/** Connects to nothing yet: a build does. */
export const openTargets = (
  { elasticsearch, qdrant }: Pick<Config, 'elasticsearch' | 'qdrant'>,
  clock: Clock,
): OpenTargets => ({
  ...openElasticsearch(elasticsearch, clock),
  vectorTargets: openQdrant(qdrant, clock),
});
