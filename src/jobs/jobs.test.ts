import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../clock.ts';
import { TenkyoError } from '../errors.ts';
import { answerTopic, type Feed } from '../feed/feed.ts';
import { createMemoryFeed } from '../feed/memory-feed.ts';
import { createStore } from '../store/create-store.ts';
import { type EmbeddedDatabase, openPglite } from '../store/pglite/open-pglite.ts';
import type { Store } from '../store/store.ts';
import { createLogger } from '../telemetry/log.ts';
import { createJobs, type QueueJobs } from './create-jobs.ts';
import { createWorker, type JobWorker } from './create-worker.ts';
import type { JobRun } from './jobs.ts';
import { createPgliteBackend, type QueueBackend } from './pglite-backend.ts';
import { type GeneratePayload, generateQueue } from './queues.ts';
import { createSweeper } from './sweeper.ts';

const logger = createLogger({ directory: null, level: 'silent' });
const fast = { ...generateQueue('m'), backoffMs: 10 };

let root: string;
let database: EmbeddedDatabase;
let backend: QueueBackend;
let store: Store;
let jobs: QueueJobs;
let feed: Feed;
let workers: JobWorker[];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tenkyo-jobs-'));
  database = await openPglite({ directory: join(root, 'pg') });
  backend = await createPgliteBackend(database.pglite);
});
afterAll(async () => {
  await database.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(async () => {
  await database.pglite.exec('drop schema if exists tenkyo cascade; delete from bullmq.job;');
  store = await createStore({ dialect: database.dialect, clock: systemClock });
  jobs = createJobs({ backend, models: ['m'], clock: systemClock, logger });
  feed = createMemoryFeed({ clock: systemClock });
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close({ deadlineMs: 0 })));
  await jobs.close();
});

const runs: { payload: GeneratePayload; run: JobRun }[] = [];
beforeEach(() => {
  runs.length = 0;
});

const work = (process: (payload: GeneratePayload, run: JobRun) => Promise<void>, timing?: object) => {
  const worker = createWorker({
    backend,
    queue: fast,
    concurrency: 2,
    clock: systemClock,
    logger,
    process: async (payload, run) => {
      runs.push({ payload, run });
      await process(payload, run);
    },
    ...timing,
  });
  workers.push(worker);
  return worker;
};
const until = async (look: () => Promise<boolean> | boolean) => {
  const deadline = Date.now() + 15_000;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error('not seen within 15 s');
    await systemClock.sleep(10);
  }
};
const counts = async (queue = 'generate-m') => {
  const all = await jobs.counts();
  return all.find((each) => each.queue === queue);
};
const idle = () => until(async () => (await counts())?.waiting === 0 && (await counts())?.active === 0);
const openAnswer = async (ts: string, model = 'm') => {
  const place = { team: 'T', app: 'a', channel: 'C', threadTs: ts };
  const { id } = await store.answers.open(
    { team: 'T', app: 'a', channel: 'C', ts, kind: 'question' },
    { ...place, model, user: 'U', locale: 'ja', questionTs: ts, question: 'q' },
  );
  return id;
};

describe('jobs on PGlite', () => {
  it('are given up on by a handler that Slack waits for, and by nobody else, when the queue is slow', async () => {
    await jobs.close();
    // Time to wait is over at once, and the queue does nothing before it is let.
    jobs = createJobs({ backend, models: ['m'], clock: { ...systemClock, sleep: async () => {} }, logger });
    await jobs.counts();
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const slow = database.pglite.transaction(() => held);
    const index = jobs.addIndex('demo');
    const revived = jobs.reviveGenerate('m', { id: 'a8', attempt: 0, turn: 1 });
    await expect(jobs.addGenerate('m', 'a7', 1)).rejects.toMatchObject({ code: 'server_unreachable' });
    await expect(jobs.addSearch('s7')).rejects.toMatchObject({ code: 'server_unreachable' });
    letGo();
    await Promise.all([slow, index]);
    expect(await revived).toBe('added');
    expect((await counts('index'))?.waiting).toBe(1);
    // What was given up on came nevertheless.
    await until(async () => (await counts())?.waiting === 2 && (await counts('search'))?.waiting === 1);
  });

  it('end their signal when the lock is gone', async () => {
    let reason: unknown;
    work(
      async (_, { signal, attempt }) => {
        if (attempt > 1) return;
        await database.pglite.exec(`update bullmq.job set lock_token = 'another' where state = 'active'`);
        await systemClock.sleep(30_000, signal).catch((error) => {
          reason = error;
        });
      },
      { timing: { lockMs: 500, stallMs: 200 } },
    );
    await jobs.addGenerate('m', 'a7', 1);
    await until(() => reason !== undefined);
    expect(reason).toBeInstanceOf(TenkyoError);
    expect(reason).toMatchObject({ code: 'lock_lost' });
  });

  it('stand beside transactions on the same database', async () => {
    const all = Array.from({ length: 40 }, async (_, i) => {
      const id = await openAnswer(`${i}.1`);
      await jobs.addGenerate('m', id, 1);
      return id;
    });
    const ids = await Promise.all(all);
    work(async () => {});
    await idle();
    expect(runs.map(({ payload }) => payload.answerId).sort()).toEqual(ids.sort());
  });
});

describe('the sweeper', () => {
  const sweep = async () => {
    const sweeper = createSweeper({ store, jobs, feed, clock: systemClock, logger });
    await sweeper.start();
    await sweeper.stop();
  };

  it('adds the job of an answer whose process died before it did', async () => {
    const id = await openAnswer('1.1');
    await sweep();
    await sweep();
    expect((await counts())?.waiting).toBe(1);
    work(async () => {});
    await idle();
    expect(runs.map(({ payload }) => payload.answerId)).toEqual([id]);
  });

  it('ends an answer that was started too often, and says so', async () => {
    const id = await openAnswer('2.1');
    await store.answers.start(id, 6);
    await sweep();
    const answer = await store.answers.get(id);
    expect(answer).toMatchObject({ status: 'failed', error: { code: 'gave_up', id: id.slice(0, 7) } });
    const events = [];
    for await (const { event } of feed.read(answerTopic(id), { signal: AbortSignal.timeout(5_000) }))
      events.push(event);
    expect(events).toEqual([{ type: 'finished', attempt: 7 }]);
  });

  it('ends an answer for which there is no model', async () => {
    const id = await openAnswer('3.1', 'gone');
    await jobs.addGenerate('gone', id, 1);
    await sweep();
    expect((await store.answers.get(id))?.status).toBe('failed');
  });

  it('leaves alone what is being worked on, and what is done', async () => {
    const id = await openAnswer('4.1');
    work(async ({ answerId }, { attempt, signal }) => {
      await store.answers.start(answerId, attempt);
      await systemClock.sleep(500, signal);
      const usage = { promptTokens: 1, completionTokens: 1, seconds: 1 };
      await store.answers.finish(answerId, attempt, { status: 'done', text: 'x', finish: 'stop', usage });
    });
    await jobs.addGenerate('m', id, 1);
    await until(() => runs.length === 1);
    await sweep();
    await idle();
    await sweep();
    await idle();
    expect(runs).toHaveLength(1);
    expect((await store.answers.get(id))?.status).toBe('done');
  });
});
