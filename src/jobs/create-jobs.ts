import type { Clock } from '../clock.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Jobs } from './jobs.ts';
import { openQueue, type Revival } from './open-queue.ts';
import type { QueueBackend } from './pglite-backend.ts';
import { generateQueue, indexQueue, searchQueue } from './queues.ts';

export interface JobsOptions {
  readonly backend: QueueBackend;
  /** Names of the models that are configured. */
  readonly models: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface QueueJobs extends Jobs {
  /** Gives an open answer its job back. `attempt` and `turn` are the record's. */
  reviveGenerate(model: string, answer: { id: string; attempt: number; turn: number }): Promise<Revival>;
  reviveSearch(searchId: string, attempt: number): Promise<Revival>;
}

/**
 * The queues. A job's id is made from its record's, so adding it twice is one job.
 * Never await an `add` inside a transaction on the same PGlite: it would wait for itself.
 */
export const createJobs = ({ backend, models, clock, logger }: JobsOptions): QueueJobs => {
  const common = { backend, clock, logger };
  const generate = new Map(models.map((model) => [model, openQueue(generateQueue(model), { ...common, keep: true })]));
  const search = openQueue(searchQueue, { ...common, keep: true });
  // Not kept: a corpus is indexed again under the same id.
  const index = openQueue(indexQueue, { ...common, keep: false });
  const all = [...generate.values(), search, index];

  return {
    addGenerate: async (model, answerId, turn) => {
      const queue = generate.get(model);
      // The record is there; the sweeper tells the person that nobody will answer.
      if (!queue) return logger.error({ model, answerId }, 'no queue for this model');
      await queue.addSoon(`generate-${answerId}`, { answerId, after: 0 }, turn);
    },
    addSearch: (searchId) => search.addSoon(`search-${searchId}`, { searchId, after: 0 }),
    addIndex: (corpus) => index.add(`index-${corpus}`, { corpus, after: 0 }),
    reviveGenerate: async (model, { id, attempt, turn }) => {
      const queue = generate.get(model);
      return queue ? queue.revive(`generate-${id}`, { answerId: id, after: attempt }, turn) : 'spent';
    },
    reviveSearch: (searchId, attempt) => search.revive(`search-${searchId}`, { searchId, after: attempt }),
    counts: () => Promise.all(all.map((queue) => queue.counts())),
    close: async () => {
      await Promise.all(all.map((queue) => queue.close()));
    },
  };
};
