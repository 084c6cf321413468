import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { DatabaseConfig, RedisConfig } from '../../src/config/config.ts';

const redisVariable = 'TENKYO_TEST_REDIS_URL';
const databaseVariable = 'TENKYO_TEST_DATABASE_URL';
const services = resolve(fileURLToPath(import.meta.url), '../../../../shared/services');

/** What is needed and not there. */
const missing = [redisVariable, databaseVariable].filter((name) => !process.env[name]);

// Where nothing may be left out, a missing server is a failure.
if (missing.length > 0 && process.env.CI === 'true' && existsSync(services)) {
  throw new Error(`${missing.join(' and ')} not set: .ci/run starts the servers that these tests need`);
}

/** Cases that need a real Redis and a real PostgreSQL; without them they are skipped, and their name says why. */
export const describeOnServers = (name: string, cases: () => void): void =>
  missing.length > 0 ? describe.skip(`${name} (needs ${missing.join(', ')})`, cases) : describe(name, cases);

const ownName = (): string =>
  `test_${process.pid}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 8)}`;

export interface TestRedis {
  readonly config: RedisConfig;
  /** Removes what was made under the prefix. */
  clean(): Promise<void>;
}

/** The server under a prefix of the test's own. */
export const openTestRedis = (): TestRedis => {
  const url = process.env[redisVariable] as string;
  const prefix = ownName();
  return {
    config: { url, caFile: null, prefix, sentinels: null, cluster: false },
    clean: async () => {
      const redis = new Redis(url);
      const keys = await redis.keys(`{${prefix}}:*`);
      if (keys.length > 0) await redis.del(...keys);
      redis.disconnect();
    },
  };
};

export interface TestDatabase {
  readonly config: DatabaseConfig;
  run(sql: string): Promise<readonly unknown[]>;
  /** Removes it, whoever is connected. */
  drop(): Promise<void>;
}

/** An empty database of the test's own, on the tests' server or on one of the test's own. */
export const openTestDatabase = async (
  server: string = process.env[databaseVariable] as string,
): Promise<TestDatabase> => {
  const name = ownName();
  const once = async (connectionString: string, sql: string): Promise<readonly unknown[]> => {
    const client = new pg.Client({ connectionString });
    // A server that ends in the middle is told by the query; the event must not end the test.
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(sql);
      return rows;
    } finally {
      await client.end();
    }
  };
  await once(server, `create database ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  return {
    config: { url, caFile: null, connections: 5, statementMs: 8_000 },
    run: (sql) => once(url, sql),
    drop: async () => void (await once(server, `drop database ${name} with (force)`)),
  };
};
