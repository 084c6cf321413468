import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createRedisFeed } from '../../src/feed/redis-feed.ts';
import { createRedisBackend } from '../../src/jobs/redis-backend.ts';
import { awaitRedis, connectRedis } from '../../src/redis/connect.ts';
import { inspectRedis, judgeRedis } from '../../src/redis/findings.ts';
import { createStore } from '../../src/store/create-store.ts';
import { openPostgres } from '../../src/store/postgres/open-postgres.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import {
  describeOnServers,
  openTestDatabase,
  openTestRedis,
  type TestDatabase,
  type TestRedis,
} from '../support/servers.ts';
import { adminStoreContract } from './admin-store.contract.ts';
import { conversationContract } from './conversation.contract.ts';
import { feedContract } from './feed.contract.ts';
import { queueContract } from './queue.contract.ts';
import { storeContract } from './store.contract.ts';
import { turnsContract } from './turns.contract.ts';

const logger = createLogger({ directory: null, level: 'silent' });
const nowhere = 'redis://127.0.0.1:1';

describeOnServers('on Redis', () => {
  let server: TestRedis;
  beforeEach(() => {
    server = openTestRedis();
  });
  afterEach(() => server.clean());

  const open = async (limits: { keepEvents?: number; keepMs?: number } = {}): Promise<Feed> => {
    const { config } = server;
    const commands = connectRedis(config, { use: 'commands', logger });
    await awaitRedis(commands, config);
    const blocking = connectRedis(config, { use: 'blocking', logger });
    const feed = createRedisFeed({ commands, blocking, prefix: config.prefix, clock: systemClock, logger, ...limits });
    return {
      ...feed,
      close: async () => {
        await feed.close();
        commands.disconnect();
      },
    };
  };
  feedContract('Redis Streams', () => open());
  queueContract('Redis', async () => {
    const { config } = server;
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
  });

  it('passes events from one process to another', async () => {
    const writer = await open();
    const reader = await open();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { event } of reader.read('a', { signal: AbortSignal.timeout(10_000) })) seen.push(event.attempt);
    })();
    await writer.publish('a', { type: 'started', attempt: 3 });
    await writer.publish('a', { type: 'finished', attempt: 3 });
    await reading;
    expect(seen).toEqual([3, 3]);
    await Promise.all([writer.close(), reader.close()]);
  });

  it('forgets a topic that has been still', async () => {
    const feed = await open({ keepMs: 50 });
    await feed.publish('a', { type: 'started', attempt: 1 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await feed.publish('a', { type: 'finished', attempt: 2 });
    const seen = [];
    for await (const { event } of feed.read('a', { signal: AbortSignal.timeout(10_000) })) seen.push(event);
    expect(seen).toEqual([{ type: 'finished', attempt: 2 }]);
    await feed.close();
  });

  it('keeps the newest events of a topic, about', async () => {
    const feed = await open({ keepEvents: 100 });
    for (let seq = 1; seq <= 1_000; seq += 1) await feed.publish('a', { type: 'text', attempt: 1, seq, text: '.' });
    await feed.publish('a', { type: 'finished', attempt: 1 });
    let kept = 0;
    for await (const _ of feed.read('a', { signal: AbortSignal.timeout(10_000) })) kept += 1;
    expect(kept).toBeLessThan(400);
    expect(kept).toBeGreaterThanOrEqual(100);
    await feed.close();
  });

  it('finds nothing to say of a server that keeps what it is given', async () => {
    const commands = connectRedis(server.config, { use: 'commands', logger });
    await awaitRedis(commands, server.config);
    expect(await inspectRedis(commands)).toEqual([]);
    commands.disconnect();
  });
});

describe('Redis', () => {
  it('is judged by what it says of itself', () => {
    const said = 'redis_version:5.0.7\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:0\r\n';
    expect(judgeRedis(`# Server\r\n${said}`).map(({ kind, fatal }) => [kind, fatal])).toEqual([
      ['version', true],
      ['memory', false],
      ['persistence', false],
    ]);
  });

  it('that is not there is named, without the password', async () => {
    const config = {
      url: nowhere.replace('//', '//me:secret@'),
      caFile: null,
      prefix: 'x',
      sentinels: null,
      cluster: false,
    };
    const failed = awaitRedis(connectRedis(config, { use: 'commands', logger }), config);
    await expect(failed).rejects.toMatchObject({ code: 'server_unreachable', where: `REDIS_URL (${nowhere})` });
  });
});

describeOnServers('on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());
  const dialect = () => openPostgres({ config: database.config, clock: systemClock, logger });

  const postgres = {
    open: async (clock: Clock) => {
      await database.run('drop schema if exists tenkyo cascade');
      return createStore({ dialect: await dialect(), clock });
    },
    again: async (clock: Clock) => createStore({ dialect: await dialect(), clock }),
  };
  storeContract('PostgreSQL', postgres);
  conversationContract('PostgreSQL', postgres.open);
  turnsContract('PostgreSQL', postgres);
  adminStoreContract('PostgreSQL', { ...postgres, raw: (sql) => database.run(sql) });

  it('brings an empty database to this version from eight processes at once', async () => {
    await database.run('drop schema if exists tenkyo cascade');
    const stores = await Promise.all(
      Array.from({ length: 8 }, async () => createStore({ dialect: await dialect(), clock: systemClock })),
    );
    for (const store of stores) {
      expect(await store.answers.counts()).toMatchObject({ queued: 0, running: 0, failedLastHour: 0 });
      await store.close();
    }
  });

  it('goes on after the server has ended every connection', async () => {
    const store = await createStore({ dialect: await dialect(), clock: systemClock });
    await Promise.all(Array.from({ length: 5 }, () => store.answers.get('a')));
    await database.run(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    // One that was lent out at that moment may fail; nothing after it does.
    await store.answers.get('a').catch(() => null);
    for (let i = 0; i < 5; i += 1) expect(await store.answers.get('a')).toBeNull();
    await store.close();
  });

  it('that is not there is named, without the password', async () => {
    const config = { ...database.config, url: 'postgresql://me:secret@127.0.0.1:1/records' };
    await expect(openPostgres({ config, clock: systemClock, logger })).rejects.toMatchObject({
      code: 'server_unreachable',
      where: 'DATABASE_URL (127.0.0.1:1/records)',
    });
  });
});
