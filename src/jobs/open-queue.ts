import { Queue } from 'bullmq';
import type { Clock } from '../clock.ts';
import { TenkyoError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { QueueCounts } from './jobs.ts';
import type { QueueBackend } from './pglite-backend.ts';
import { mostStarts, type QueueSpec } from './queues.ts';

/** What became of a record whose job was looked for. */
export type Revival =
  /** Waiting, delayed or running: nothing to do. */
  | 'alive'
  /** It had no job, or one that had ended without finishing the record: added again. */
  | 'added'
  /** Started as often as a job may be, or there is no queue for it: nobody will do it. */
  | 'spent';

export interface OpenQueue<Payload> {
  /** However long it takes: nobody waits in front of it. `turn`: lower ones first; without one it goes before all. */
  add(jobId: string, payload: Payload, turn?: number): Promise<void>;
  /** For a handler that Slack waits for. @throws TenkyoError `server_unreachable` when it takes too long; it may still come */
  addSoon(jobId: string, payload: Payload, turn?: number): Promise<void>;
  /** Gives a record that is still open its job back. `payload.after` is the record's attempt. */
  revive(jobId: string, payload: Payload, turn?: number): Promise<Revival>;
  counts(): Promise<QueueCounts>;
  close(): Promise<void>;
}

const day = 86_400;

/** BullMQ's greatest priority; 0 would be none, which goes before all. */
const mostTurns = 2_097_151;

/** Slack waits three seconds for the handler that adds; whose job comes late is told anyway, by the sweeper's. */
const addWithinMs = 2_500;

export interface OpenQueueOptions {
  readonly backend: QueueBackend;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether ended jobs stay for a while: then their ids are refused as duplicates. */
  readonly keep: boolean;
}

export const openQueue = <Payload extends { after: number }>(
  { name, attempts, backoffMs }: QueueSpec<Payload>,
  { backend, clock, logger, keep }: OpenQueueOptions,
): OpenQueue<Payload> => {
  const queue = new Queue(
    name,
    {
      connection: {},
      defaultJobOptions: {
        attempts,
        backoff: { type: 'exponential', delay: backoffMs },
        removeOnComplete: keep ? { age: day, count: 1_000 } : true,
        removeOnFail: keep ? { age: 7 * day, count: 1_000 } : true,
      },
    },
    backend,
  );
  queue.on('error', (error) => logger.warn({ queue: name, err: error }, 'queue error'));
  const add = async (jobId: string, payload: Payload, turn = 0): Promise<void> => {
    await queue.add(name, payload, { jobId, priority: Math.min(turn, mostTurns) });
  };

  return {
    add,
    addSoon: async (jobId, payload, turn) => {
      const waiting = new AbortController();
      const adding = add(jobId, payload, turn);
      const late = clock.sleep(addWithinMs, waiting.signal).then(() => {
        throw new TenkyoError('server_unreachable', 'the queue does not answer', { where: name });
      });
      // Whichever loses the race must not fail unheard.
      adding.catch(() => undefined);
      late.catch(() => undefined);
      try {
        await Promise.race([adding, late]);
      } finally {
        waiting.abort();
      }
    },
    revive: async (jobId, payload, turn) => {
      const job = await queue.getJob(jobId);
      const state = job && (await job.getState());
      if (job && state !== 'completed' && state !== 'failed') return 'alive';
      if (payload.after >= mostStarts) return 'spent';
      await job?.remove();
      await add(jobId, payload, turn);
      return 'added';
    },
    counts: async () => {
      const counts = await queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active', 'failed');
      const { waiting = 0, prioritized = 0, delayed = 0, active = 0, failed = 0 } = counts;
      return { queue: name, waiting: waiting + prioritized + delayed, active, failed };
    },
    close: () => queue.close(),
  };
};
