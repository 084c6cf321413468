import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import type { RedisConfig } from '../../src/config/config.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createRedisFeed } from '../../src/feed/redis-feed.ts';
import { createJobs } from '../../src/jobs/create-jobs.ts';
import { createWorker } from '../../src/jobs/create-worker.ts';
import { generateQueue } from '../../src/jobs/queues.ts';
import { createRedisBackend } from '../../src/jobs/redis-backend.ts';
import { awaitRedis, connectRedis } from '../../src/redis/connect.ts';
import { inspectRedis } from '../../src/redis/findings.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { eventually } from '../support/person.ts';
import {
  describeWithOwnRedis,
  killProcess,
  openRedisCluster,
  openRedisWithSentinels,
  openRedisWithTls,
  type RedisServers,
} from '../support/redis-process.ts';
import { feedContract } from './feed.contract.ts';
import { queueContract } from './queue.contract.ts';

const logger = createLogger({ directory: null, level: process.env.TENKYO_TEST_LOG ? 'debug' : 'silent' });
/** Until sentinels have agreed on a new master and everybody has found it. */
const failoverMs = 45_000;

const openFeed = async (config: RedisConfig): Promise<Feed> => {
  const commands = connectRedis(config, { use: 'commands', logger });
  await awaitRedis(commands, config);
  const blocking = connectRedis(config, { use: 'blocking', logger });
  const feed = createRedisFeed({ commands, blocking, prefix: config.prefix, clock: systemClock, logger });
  return {
    ...feed,
    close: async () => {
      await feed.close();
      commands.disconnect();
    },
  };
};
const openQueues = async (config: RedisConfig) => {
  const commands = connectRedis(config, { use: 'commands', logger });
  await awaitRedis(commands, config);
  const { backend, close } = createRedisBackend({ config, commands, logger });
  return {
    backend,
    close: async () => {
      close();
      commands.disconnect();
    },
  };
};

describeWithOwnRedis('Redis on the ways that an operator may have it', () => {
  let servers: RedisServers;
  let prefixes = 0;
  let config: RedisConfig;
  beforeEach(() => {
    prefixes += 1;
    config = { ...servers.config, prefix: `test-${prefixes}` };
  });

  const contracts = (): void => {
    feedContract('Redis Streams', () => openFeed(config));
    queueContract('Redis', () => openQueues(config));

    it('is asked for its settings', async () => {
      const commands = connectRedis(config, { use: 'commands', logger });
      await awaitRedis(commands, config);
      expect(await inspectRedis(commands)).toEqual([]);
      commands.disconnect();
    });
  };

  describe('behind TLS', () => {
    beforeAll(async () => {
      servers = await openRedisWithTls();
    }, 60_000);
    afterAll(() => servers.close());

    contracts();

    it('is refused when its certificate is signed by nobody that is trusted', async () => {
      const distrusting = { ...config, caFile: null };
      const failed = awaitRedis(connectRedis(distrusting, { use: 'commands', logger }), distrusting);
      await expect(failed).rejects.toMatchObject({
        code: 'server_unreachable',
        where: `REDIS_URL (${config.url})`,
        found: expect.stringMatching(/certificate/),
      });
    }, 30_000);
  });

  describe('behind sentinels', () => {
    beforeAll(async () => {
      servers = await openRedisWithSentinels();
    }, 60_000);
    afterAll(() => servers.close());

    contracts();

    it('goes on with another master when the first is killed: queues, workers and readers', async () => {
      const feed = await openFeed(config);
      const { backend, close } = await openQueues(config);
      const jobs = createJobs({ backend, models: ['m'], clock: systemClock, logger });
      const done: string[] = [];
      const worker = createWorker({
        backend,
        queue: generateQueue('m'),
        concurrency: 1,
        clock: systemClock,
        logger,
        process: async ({ answerId }) => void done.push(answerId),
      });
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { event } of feed.read('a', { signal: AbortSignal.timeout(failoverMs * 2) })) {
          if (event.type === 'text') seen.push(event.seq);
        }
      })();
      await jobs.addGenerate('m', 'before', 1);
      await eventually(() => done.includes('before'), { what: 'a job before the fault' });

      await killProcess(servers.master as NonNullable<RedisServers['master']>);
      const killedAt = Date.now();
      let tries = 0;
      await eventually(
        async () => {
          tries += 1;
          await jobs.addGenerate('m', `after-${tries}`, 1).catch(() => undefined);
          return done.some((id) => id.startsWith('after'));
        },
        { withinMs: failoverMs, what: 'a job after the fault' },
      );
      process.stdout.write(
        `sentinels: a job is done ${((Date.now() - killedAt) / 1_000).toFixed(1)} s after the kill\n`,
      );
      let seq = 0;
      await eventually(
        async () => {
          seq += 1;
          await feed.publish('a', { type: 'text', attempt: 1, seq, text: '.' });
          return seen.length > 0;
        },
        { withinMs: failoverMs, what: 'an event after the fault' },
      );
      await feed.publish('a', { type: 'finished', attempt: 1 });
      await reading;
      await worker.close({ deadlineMs: 0 });
      await jobs.close();
      await Promise.all([close(), feed.close()]);
    }, 150_000);
  });

  describe('as a cluster', () => {
    beforeAll(async () => {
      servers = await openRedisCluster();
    }, 90_000);
    afterAll(() => servers.close());

    contracts();
  });
});
