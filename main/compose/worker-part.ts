import type { FeedEvent } from '../../src/feed/feed.ts';
import type { Meters } from '../../src/telemetry/metrics.ts';
import type { RoleOptions } from './ground.ts';
import type { OpenSearch } from './open-search.ts';
import { openTargets } from './open-targets.ts';
import type { Records } from './records.ts';
import type { Serving } from './serving.ts';
import { startWorkers } from './start-workers.ts';
import type { Status } from './status.ts';
import type { WorkerQueues } from './worker-queues.ts';

export interface WorkerPartOptions extends RoleOptions {
  readonly queues: WorkerQueues;
  readonly records: Records;
  readonly serving: Pick<Serving, 'models' | 'embedder'>;
  readonly search: OpenSearch;
  readonly status: Status;
  readonly meters: Meters;
  /** Told of each step of an index build, for the terminal. */
  readonly onIndexing: (corpus: string, event: FeedEvent) => void;
  /** What running jobs get to end by themselves when the process stops; then they go back into the queue. */
  readonly finishWithinMs: number;
}

/** What workers are: processors of the queues, next to the models. */
export const startWorkerPart = (options: WorkerPartOptions): { requestIndexes(): Promise<void> } => {
  const { config, queues, records, serving, clock, closing, finishWithinMs } = options;
  const { close, ...servers } = openTargets(config, clock);
  closing.add('index targets', close);
  const workers = startWorkers({ ...options, ...serving, ...servers });
  closing.add('workers', () => Promise.all(workers.map((worker) => worker.close({ deadlineMs: finishWithinMs }))));
  return {
    requestIndexes: async () => {
      if (!queues.index) return;
      for (const { name } of config.corpora) await records.jobs.addIndex(name);
    },
  };
};
