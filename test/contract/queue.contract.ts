import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { createJobs, type QueueJobs } from '../../src/jobs/create-jobs.ts';
import { createWorker, type JobWorker, type WorkerTiming } from '../../src/jobs/create-worker.ts';
import type { JobRun } from '../../src/jobs/jobs.ts';
import type { QueueBackend } from '../../src/jobs/pglite-backend.ts';
import { type GeneratePayload, generateQueue, type IndexPayload, indexQueue } from '../../src/jobs/queues.ts';
import { createLogger } from '../../src/telemetry/log.ts';

const logger = createLogger({ directory: null, level: 'silent' });

export interface OpenedBackend {
  readonly backend: QueueBackend;
  close(): Promise<unknown>;
}

/** What the queues promise; the same cases on every backend. @param open gives empty queues */
export const queueContract = (name: string, open: () => Promise<OpenedBackend>): void =>
  describe(`jobs: ${name}`, () => {
    let opened: OpenedBackend;
    let jobs: QueueJobs;
    let workers: JobWorker[];
    let runs: { payload: GeneratePayload; run: JobRun }[];
    beforeEach(async () => {
      opened = await open();
      jobs = createJobs({ backend: opened.backend, models: ['m'], clock: systemClock, logger });
      workers = [];
      runs = [];
    });
    afterEach(async () => {
      await Promise.all(workers.map((worker) => worker.close({ deadlineMs: 0 })));
      await jobs.close();
      await opened.close();
    });

    const work = (
      process: (payload: GeneratePayload, run: JobRun) => Promise<void>,
      { timing, concurrency = 2 }: { timing?: WorkerTiming; concurrency?: number } = {},
    ): JobWorker => {
      const worker = createWorker({
        backend: opened.backend,
        queue: { ...generateQueue('m'), backoffMs: 10 },
        concurrency,
        clock: systemClock,
        logger,
        process: async (payload, run) => {
          runs.push({ payload, run });
          await process(payload, run);
        },
        ...(timing ? { timing } : {}),
      });
      workers.push(worker);
      return worker;
    };
    const until = async (look: () => Promise<boolean> | boolean): Promise<void> => {
      const deadline = Date.now() + 20_000;
      while (!(await look())) {
        if (Date.now() > deadline) throw new Error('not seen within 20 s');
        await systemClock.sleep(10);
      }
    };
    const counts = async (queue = 'generate-m') => (await jobs.counts()).find((each) => each.queue === queue);
    const idle = () => until(async () => (await counts())?.waiting === 0 && (await counts())?.active === 0);
    const order = (): string[] => runs.map(({ payload }) => payload.answerId);

    it('are one when added twice, also after they are done', async () => {
      await jobs.addGenerate('m', 'a1', 1);
      await jobs.addGenerate('m', 'a1', 2);
      await jobs.addGenerate('m', 'a2', 1);
      expect(await counts()).toEqual({ queue: 'generate-m', waiting: 2, active: 0, failed: 0 });
      work(async () => {});
      await idle();
      await jobs.addGenerate('m', 'a1', 1);
      await idle();
      expect(order().sort()).toEqual(['a1', 'a2']);
    });

    it('come in the order of their turns, equal ones in the order of coming', async () => {
      const mine = Array.from({ length: 10 }, (_, at) => ({ id: `mine-${at + 1}`, turn: at + 1 }));
      for (const { id, turn } of mine) await jobs.addGenerate('m', id, turn);
      await jobs.addGenerate('m', 'yours-1', 1);
      await jobs.addGenerate('m', 'theirs-1', 1);
      await jobs.addGenerate('m', 'yours-2', 2);
      work(async () => {}, { concurrency: 1 });
      await idle();
      expect(order()).toEqual([
        'mine-1',
        'yours-1',
        'theirs-1',
        'mine-2',
        'yours-2',
        ...mine.slice(2).map(({ id }) => id),
      ]);
    });

    it('keep the order when they are many, come while others are worked on, and are revived', async () => {
      let letGo = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      work(async ({ answerId }) => (answerId === 'first' ? held : undefined), { concurrency: 1 });
      await jobs.addGenerate('m', 'first', 1);
      await until(() => runs.length === 1);
      for (let at = 2; at <= 40; at += 1) await jobs.addGenerate('m', `mine-${at}`, at);
      expect(await jobs.reviveGenerate('m', { id: 'yours', attempt: 0, turn: 3 })).toBe('added');
      letGo();
      await idle();
      expect(order().slice(0, 5)).toEqual(['first', 'mine-2', 'mine-3', 'yours', 'mine-4']);
      expect(order()).toHaveLength(41);
    });

    it('with a turn beyond the greatest come last, and still come', async () => {
      await jobs.addGenerate('m', 'late', 9_000_000);
      await jobs.addGenerate('m', 'early', 2_000_000);
      work(async () => {}, { concurrency: 1 });
      await idle();
      expect(order()).toEqual(['early', 'late']);
    });

    it('are tried again after an error, with a higher attempt, and told which try is the last', async () => {
      work(async () => {
        throw new Error('no luck');
      });
      await jobs.addGenerate('m', 'a3', 1);
      await until(async () => (await counts())?.failed === 1);
      expect(runs.map(({ run }) => [run.attempt, run.lastAttempt])).toEqual([
        [1, false],
        [2, false],
        [3, true],
      ]);
    });

    it('count on from the record when they are revived', async () => {
      work(async () => {
        if (runs.length <= 3) throw new Error('no luck');
      });
      expect(await jobs.reviveGenerate('m', { id: 'a4', attempt: 0, turn: 1 })).toBe('added');
      await until(async () => (await counts())?.failed === 1);
      expect(await jobs.reviveGenerate('m', { id: 'a4', attempt: 3, turn: 1 })).toBe('added');
      await idle();
      expect(runs.at(-1)?.run.attempt).toBe(4);
      expect(await jobs.reviveGenerate('m', { id: 'a4', attempt: 99, turn: 1 })).toBe('spent');
      expect(await jobs.reviveGenerate('other', { id: 'a4', attempt: 0, turn: 1 })).toBe('spent');
    });

    it('are left alone while they wait', async () => {
      await jobs.addSearch('s1');
      expect(await jobs.reviveSearch('s1', 0)).toBe('alive');
      expect((await counts('search'))?.waiting).toBe(1);
      await jobs.addGenerate('m', 'a1', 4);
      expect(await jobs.reviveGenerate('m', { id: 'a1', attempt: 0, turn: 4 })).toBe('alive');
    });

    it('of an index run again when asked again', async () => {
      const seen: IndexPayload[] = [];
      workers.push(
        createWorker({
          backend: opened.backend,
          queue: indexQueue,
          concurrency: 1,
          clock: systemClock,
          logger,
          process: async (payload) => void seen.push(payload),
        }),
      );
      await jobs.addIndex('demo');
      await until(() => seen.length === 1);
      await until(async () => (await counts('index'))?.active === 0);
      await jobs.addIndex('demo');
      await until(() => seen.length === 2);
      expect(seen[1]?.corpus).toBe('demo');
    });

    it('go back into the queue at a shutdown, without a failed try', async () => {
      const worker = work(async (_, { signal }) => {
        await systemClock.sleep(60_000, signal);
      });
      await jobs.addGenerate('m', 'a5', 1);
      await until(() => runs.length === 1);
      await worker.close({ deadlineMs: 0 });
      expect(runs[0]?.run.signal.reason).toMatchObject({ code: 'shutdown' });
      // A busy server may take longer than the worker waits for it; then it comes a little later.
      await until(async () => (await counts())?.active === 0);
      expect(await counts()).toMatchObject({ waiting: 1, active: 0, failed: 0 });
      work(async () => {});
      await idle();
      expect(runs.map(({ run }) => [run.attempt, run.lastAttempt])).toEqual([
        [1, false],
        [2, false],
      ]);
    });

    it('are waited for at a shutdown, up to the deadline', async () => {
      const worker = work(async (_, { signal }) => {
        await systemClock.sleep(200, signal);
      });
      await jobs.addGenerate('m', 'a6', 1);
      await until(() => runs.length === 1);
      await worker.close({ deadlineMs: 10_000 });
      expect(runs[0]?.run.signal.aborted).toBe(false);
      expect(await counts()).toMatchObject({ waiting: 0, active: 0, failed: 0 });
    });

    it('with an unreadable payload fail at once', async () => {
      work(async () => {});
      await jobs.addGenerate('m', '', 1);
      await until(async () => (await counts())?.failed === 1);
      expect(runs).toEqual([]);
    });
  });
