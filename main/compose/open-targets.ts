import type { IndexServers } from '../../indexers/build-on-servers.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { createLazyConnection } from '../../src/search/elasticsearch/connect.ts';
import { createElasticsearchTarget } from '../../src/search/elasticsearch/target.ts';
import type { IndexTarget, TextServer, VectorTarget } from '../../src/search/index-target.ts';
import { createQdrant } from '../../src/search/qdrant/qdrant.ts';
import { createQdrantTarget } from '../../src/search/qdrant/target.ts';

/** Where else than on this machine indexes are built. */
export interface OpenTargets {
  readonly targets: readonly IndexTarget[];
  readonly vectorTargets: readonly VectorTarget[];
  /** Not null: the index is there alone, and nothing of it on this machine. */
  readonly alone: IndexServers | null;
  close(): Promise<void>;
}

/** A batch may wait for a merge on the server. */
const timeoutMs = 120_000;

const openElasticsearch = (
  elasticsearch: Config['elasticsearch'],
  clock: Clock,
): { texts: TextServer | null; close(): Promise<void> } => {
  if (elasticsearch === null) return { texts: null, close: async () => undefined };
  const { prefix, shards, replicas, kuromoji, alone: _, ...server } = elasticsearch;
  const connection = createLazyConnection({ ...server, timeoutMs });
  const settings = { shards, replicas, kuromoji };
  return {
    texts: createElasticsearchTarget({ connection, prefix, settings, clock }),
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
): OpenTargets => {
  const { texts, close } = openElasticsearch(elasticsearch, clock);
  const vectorTargets = openQdrant(qdrant, clock);
  if (texts && elasticsearch?.alone) {
    return { targets: [], vectorTargets: [], alone: { texts, vectors: vectorTargets[0] ?? null }, close };
  }
  return { targets: texts ? [texts] : [], vectorTargets, alone: null, close };
};
