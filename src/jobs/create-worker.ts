import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Clock } from '../clock.ts';
import { asTenkyoError, TenkyoError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { JobRun } from './jobs.ts';
import type { JobMeter } from './meter.ts';
import type { QueueBackend } from './pglite-backend.ts';
import { mostStarts, type QueueSpec } from './queues.ts';

export interface WorkerOptions<Payload> {
  readonly backend: QueueBackend;
  readonly queue: QueueSpec<Payload>;
  /** Jobs at once. */
  readonly concurrency: number;
  readonly process: (payload: Payload, run: JobRun) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timing?: WorkerTiming;
  readonly meter?: JobMeter;
}

export interface WorkerTiming {
  /** How long a job is its worker's without a sign of life. */
  readonly lockMs: number;
  /** Between looks for jobs whose lock has run out; a dead worker's job is found at the second look after that. */
  readonly stallMs: number;
}

/** A killed process's job is picked up within 10 s + 2 × 4 s. */
const defaultTiming: WorkerTiming = { lockMs: 10_000, stallMs: 4_000 };
/** Share of the lock's time without a renewal after which the job may already be somebody else's. */
const renewalShare = 0.8;
const mostStalls = 3;
/** Until the queue is asked again after it could not be. */
const retryMs = 1_000;
/** What a run gets to end after it was told to. */
const putBackMs = 3_000;

export interface JobWorker {
  /** Takes no more jobs and lets those running end; after `deadlineMs` puts them back into the queue. */
  close(options?: { deadlineMs: number }): Promise<void>;
}

interface Running {
  readonly abort: AbortController;
  renewedAt: number;
}

export const createWorker = <Payload>({
  backend,
  queue,
  concurrency,
  process,
  clock,
  logger,
  timing: { lockMs, stallMs } = defaultTiming,
  meter,
}: WorkerOptions<Payload>): JobWorker => {
  const running = new Map<string, Running>();
  const log = logger.child({ queue: queue.name });

  const lost = (jobId: string, { abort }: Running) => {
    if (abort.signal.aborted) return;
    log.warn({ jobId }, 'lock lost: the job may be running elsewhere');
    meter?.fenced(queue.name);
    abort.abort(new TenkyoError('lock_lost', 'the job was taken over by another worker'));
  };

  const run = async (job: Job, token: string, entry: Running): Promise<void> => {
    const payload = queue.payload.safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError(`unreadable payload: ${payload.error.message}`);
    const { after = 0 } = job.data as { after?: number };
    const lastAttempt = job.attemptsMade + 1 >= (job.opts.attempts ?? 1) || job.attemptsStarted >= mostStarts;
    try {
      await process(payload.data, { attempt: after + job.attemptsStarted, lastAttempt, signal: entry.abort.signal });
    } catch (error) {
      const { code, message } = asTenkyoError(error);
      if (code === 'shutdown') {
        // Back into the queue as it was: a restart is no failure of the job's.
        await job.moveToWait(token);
        throw new WaitingError(message);
      }
      log.warn({ jobId: job.id, attempt: job.attemptsStarted, lastAttempt, code, err: error }, 'run failed');
      throw error;
    }
  };

  const worker = new Worker(
    queue.name,
    // BullMQ hands over the signal only to a function that declares all three.
    async (job: Job, token?: string, signal?: AbortSignal) => {
      const entry: Running = { abort: new AbortController(), renewedAt: clock.now() };
      const jobId = job.id ?? '';
      meter?.began(queue.name, Math.max(0, clock.now() - job.timestamp - (job.delay ?? 0)) / 1_000);
      const ended = (outcome: 'done' | 'failed' | 'put back') =>
        meter?.ended(queue.name, outcome, (clock.now() - (job.processedOn ?? clock.now())) / 1_000);
      const cancel = () => entry.abort.abort(new TenkyoError('cancelled', 'the job was cancelled'));
      signal?.addEventListener('abort', cancel);
      running.set(jobId, entry);
      try {
        await run(job, token ?? '', entry);
        ended('done');
      } catch (error) {
        ended(error instanceof WaitingError ? 'put back' : 'failed');
        throw error;
      } finally {
        running.delete(jobId);
        signal?.removeEventListener('abort', cancel);
      }
    },
    {
      connection: {},
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stallMs,
      maxStalledCount: mostStalls,
      maxStartedAttempts: mostStarts,
      runRetryDelay: retryMs,
    },
    backend,
  );
  worker.on('error', (error) => log.warn({ err: error }, 'worker error'));
  worker.on('stalled', (jobId) => {
    meter?.stalled(queue.name);
    log.warn({ jobId }, 'taken over from a worker that gave no sign of life');
  });
  worker.on('locksRenewed', ({ jobIds }) => {
    for (const jobId of jobIds) {
      const entry = running.get(jobId);
      if (entry) entry.renewedAt = clock.now();
    }
  });
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const jobId of jobIds) {
      const entry = running.get(jobId);
      if (entry) lost(jobId, entry);
    }
  });
  // A connection that hangs gives neither event: then only time tells.
  const watchdog = setInterval(() => {
    const limit = clock.now() - lockMs * renewalShare;
    for (const [jobId, entry] of running) if (entry.renewedAt < limit) lost(jobId, entry);
  }, lockMs / 10);
  watchdog.unref();

  const putBack = () => {
    for (const { abort } of running.values()) abort.abort(new TenkyoError('shutdown', 'the process is stopping'));
  };

  return {
    close: async ({ deadlineMs } = { deadlineMs: 5_000 }) => {
      const waiting = new AbortController();
      const closed = worker.close().finally(() => waiting.abort());
      const late = (ms: number) => clock.sleep(ms, waiting.signal).catch(() => {});
      await Promise.race([closed, late(deadlineMs)]);
      putBack();
      // A run that does not look at its signal must not hold up the process: its lock runs out by itself.
      await Promise.race([closed, late(putBackMs)]);
      clearInterval(watchdog);
    },
  };
};
