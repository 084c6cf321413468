import { openGround, openRoleOperations, openRoleRecords, type RoleOptions } from './ground.ts';
import { openServing } from './serving.ts';
import { createStatus } from './status.ts';
import { startWorkerPart, type WorkerPartOptions } from './worker-part.ts';

/** Left of the time to stop for putting back what has not ended, and for closing. */
const closingMs = 5_000;

/** Workers of the named queues, with the models that those need. */
export const startWorkerRole = async (
  role: RoleOptions & Pick<WorkerPartOptions, 'queues' | 'onIndexing'>,
): Promise<void> => {
  const { config, queues, logger, closing } = role;
  // What this process does not answer with is neither opened nor loaded.
  const models = config.models.filter(({ name }) => queues.generate.includes(name));
  const needsEmbedder = queues.search || queues.index;
  // Answers that rest on passages search, too.
  const searches = queues.search || queues.generate.length > 0;
  const served = {
    ...config,
    models,
    apps: config.apps.filter(({ model }) => model !== null && queues.generate.includes(model)),
    embedding: needsEmbedder ? config.embedding : null,
    search: { ...config.search, reranker: searches ? config.search.reranker : null },
  };
  const serving = await openServing(served, logger);
  closing.add('models', serving.close);
  const { search } = await openGround(role, { embedder: serving.embedder, reranking: serving.reranker });
  const records = await openRoleRecords(role);
  const operations = await openRoleOperations(role, records);
  const status = createStatus({ config, facts: search.facts, clock: role.clock });
  await serving.loaded;
  const finishWithinMs = Math.max(0, config.shutdownMs - closingMs);
  const workers = startWorkerPart({ ...role, ...operations, serving, search, records, status, finishWithinMs });
  closing.add('readiness', operations.stop);
  await workers.requestIndexes();
};
