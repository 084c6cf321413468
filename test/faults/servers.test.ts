import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnServers, openTestDatabase, type TestDatabase } from '../support/servers.ts';
import { type AnswerChild, startAnswerChild } from './support/answer-child.ts';
import type { Question } from './support/compose.ts';
import { type OwnRedis, openOwnRedis } from './support/own-redis.ts';
import { openSwallowingProxy, type SwallowingProxy } from './support/swallowing-proxy.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const questionsEach = 12;
/** The product's own times, unlike those of the embedded fault tests. */
const worker = { lockMs: 10_000, stallMs: 4_000 };
const delivery = { leaseMs: 15_000, renewMs: 5_000, sweepMs: 5_000 };

describeOnServers('faults of separate processes on real servers', () => {
  let bench: Workbench;
  let redis: OwnRedis;
  let database: TestDatabase;
  const proxies: SwallowingProxy[] = [];
  const children = { bots: [] as AnswerChild[], worker: [] as AnswerChild[] };
  const everything: Question[] = [];

  const through = async (url: string): Promise<string> => {
    const target = new URL(url);
    const proxy = await openSwallowingProxy({ host: target.hostname, port: Number(target.port) });
    proxies.push(proxy);
    return Object.assign(target, { port: String(proxy.port) }).href;
  };
  const start = async (part: 'bots' | 'worker'): Promise<void> => {
    const servers = {
      redis: { url: await through(redis.url), caFile: null, prefix: 'faults', sentinels: null, cluster: false },
      database: { ...database.config, url: await through(database.config.url) },
    };
    children[part].push(await startAnswerChild(bench.options({ part, servers, worker, delivery, stepMs: 60 })));
  };

  beforeAll(async () => {
    bench = await openWorkbench();
    redis = await openOwnRedis();
    database = await openTestDatabase();
    for (const part of ['bots', 'bots', 'worker', 'worker'] as const) await start(part);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([...children.bots, ...children.worker].map((child) => child.close()));
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await bench.close();
    await redis.close();
    await database.drop();
  }, 60_000);

  /** Asks, does the fault while answers are being written, and waits for one whole answer to each question. */
  const endure = async (name: string, fault: () => Promise<void> | void, withinMs: number): Promise<void> => {
    const questions = await Promise.all(
      Array.from({ length: questionsEach }, (_, index) => bench.ask(`${name}の質問${index + 1}`)),
    );
    everything.push(...questions);
    for (const [index, question] of questions.entries()) {
      await (children.bots[index % children.bots.length] as AnswerChild).ask(question);
    }
    await bench.shownAtLeast(questions[0] as Question, 0.1);
    const began = Date.now();
    await fault();
    for (const question of questions) await bench.delivered(question, withinMs);
    const tookMs = Date.now() - began;
    process.stdout.write(`${name}: ${questionsEach} answers whole ${(tookMs / 1_000).toFixed(1)} s after the fault\n`);
    expect(tookMs).toBeLessThan(withinMs);
  };

  it(
    'answers all after kill -9 of a worker',
    () =>
      endure(
        'kill worker',
        async () => {
          await children.worker.shift()?.kill();
          await start('worker');
        },
        40_000,
      ),
    120_000,
  );

  it(
    'answers all after kill -9 of a bot process',
    () =>
      endure(
        'kill bots',
        async () => {
          await children.bots.shift()?.kill();
          await start('bots');
        },
        40_000,
      ),
    120_000,
  );

  it(
    'answers all when a worker freezes past its lock and wakes up',
    () =>
      endure(
        'freeze worker',
        () => {
          const frozen = (children.worker[0] as AnswerChild).process;
          frozen.kill('SIGSTOP');
          setTimeout(() => frozen.kill('SIGCONT'), 20_000);
        },
        60_000,
      ),
    120_000,
  );

  it(
    'answers all when Redis is killed and starts again from its file',
    () => endure('Redis', () => redis.restart(1_000), 60_000),
    120_000,
  );

  it(
    'answers all when PostgreSQL ends every connection',
    () =>
      endure(
        'PostgreSQL',
        async () => {
          await database.run(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
        },
        60_000,
      ),
    120_000,
  );

  it(
    'answers all when every connection is half open',
    () =>
      endure(
        'half open',
        () => {
          expect(proxies.reduce((sum, proxy) => sum + proxy.swallow(), 0)).toBeGreaterThan(8);
        },
        65_000,
      ),
    120_000,
  );

  it('changes nothing of it later', async () => {
    for (const question of everything) await bench.delivered(question);
    expect(everything).toHaveLength(6 * questionsEach);
  });
});
