import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import { connectElasticsearch } from '../../src/search/elasticsearch/connect.ts';
import { checkKuromoji } from '../../src/search/elasticsearch/target.ts';
import { createQdrant } from '../../src/search/qdrant/qdrant.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { checkModelServers } from './check-models.ts';
import { checkRecords } from './check-records.ts';
import { examine, type Finding } from './finding.ts';

const timeoutMs = 5_000;

const elasticsearch = (server: NonNullable<Config['elasticsearch']>): Promise<Finding> =>
  examine('servers', 'Elasticsearch', async () => {
    const connection = await connectElasticsearch({ ...server, timeoutMs });
    try {
      if (server.kuromoji) await checkKuromoji(connection);
      return `version ${connection.version} at ${connection.where}${server.kuromoji ? ', with kuromoji' : ''}`;
    } finally {
      await connection.close();
    }
  });

const qdrant = ({ url, apiKey }: NonNullable<Config['qdrant']>): Promise<Finding> =>
  examine('servers', 'Qdrant', async () => {
    const server = createQdrant({ url, apiKey, timeoutMs, clock: systemClock, random: Math.random });
    const { collections } = await server.call({ collection: null }, (api, init) => api.getCollections({}, init));
    return `${collections.length} collections at ${new URL(url).host}`;
  });

/** The embedding server is asked for one vector: only so its key, its model and its length show. */
const embedding = (config: Config): Promise<Finding> =>
  examine('servers', 'embedding server', async () => {
    const { embedding: declared } = config;
    if (declared?.provider !== 'openai') return 'none';
    const { createOpenAiEmbedder } = await import('../../src/embedding/openai/openai-embedder.ts');
    const embedder = createOpenAiEmbedder({ ...declared, timeoutMs, clock: systemClock, random: Math.random });
    try {
      const [vector] = await embedder.embed(['地震'], 'query', { signal: AbortSignal.timeout(2 * timeoutMs) });
      if (vector) return `${declared.model}, ${vector.length} dimensions`;
      throw new TenkyoError('embedding_unavailable', 'the embedding server gave no vector', {
        where: declared.baseUrl,
      });
    } finally {
      await embedder.close();
    }
  });

/** Every server that is configured: reachable, new enough, with what is needed of it. */
export const checkServers = async (config: Config): Promise<Finding[]> => {
  // What goes wrong is told, not logged.
  const records = checkRecords(config, createLogger({ directory: null, level: 'silent' }));
  const others = Promise.all([
    ...(config.elasticsearch ? [elasticsearch(config.elasticsearch)] : []),
    ...(config.qdrant ? [qdrant(config.qdrant)] : []),
    ...(config.embedding?.provider === 'openai' ? [embedding(config)] : []),
  ]);
  const models = checkModelServers(config);
  return [...(await records), ...(await others), ...(await models)];
};
