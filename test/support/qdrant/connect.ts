import { systemClock } from '../../../src/clock.ts';
import { createQdrant } from '../../../src/search/qdrant/qdrant.ts';
import { createQdrantTarget } from '../../../src/search/qdrant/target.ts';

/** A connection to the stand-in for a Qdrant server (or to a real one), and the target that builds there. */
export const connectToQdrant = (url: string, namespace = 'tenkyo') => {
  const qdrant = createQdrant({
    url,
    apiKey: null,
    timeoutMs: 5_000,
    longestWaitMs: 1,
    clock: systemClock,
    random: () => 1,
  });
  const target = createQdrantTarget({ qdrant, namespace, shards: 1, replicas: 1, clock: systemClock });
  return { qdrant, namespace, target };
};
