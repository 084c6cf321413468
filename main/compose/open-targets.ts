import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { createLazyConnection } from '../../src/search/elasticsearch/connect.ts';
import { createElasticsearchTarget } from '../../src/search/elasticsearch/target.ts';
import type { IndexTarget } from '../../src/search/index-target.ts';

/** Where else than on this machine indexes are built. */
export interface OpenTargets {
  readonly targets: readonly IndexTarget[];
  close(): Promise<void>;
}

/** A batch may wait for a merge on the server. */
const timeoutMs = 120_000;

/** Connects to nothing yet: a build does. */
export const openTargets = ({ elasticsearch }: Pick<Config, 'elasticsearch'>, clock: Clock): OpenTargets => {
  if (elasticsearch === null) return { targets: [], close: async () => undefined };
  const { prefix, shards, replicas, kuromoji, ...server } = elasticsearch;
  const connection = createLazyConnection({ ...server, timeoutMs });
  const settings = { shards, replicas, kuromoji };
  return {
    targets: [createElasticsearchTarget({ connection, prefix, settings, clock })],
    close: () => connection.close(),
  };
};
