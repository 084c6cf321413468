import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { runTenkyo, startTenkyo } from '../support/running-tenkyo.ts';
import {
  describeOnServers,
  openTestDatabase,
  openTestRedis,
  type TestDatabase,
  type TestRedis,
} from '../support/servers.ts';

describeOnServers('records and queues on servers', () => {
  let data: string;
  let redis: TestRedis;
  let database: TestDatabase;
  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'tenkyo-second-up-'));
    redis = openTestRedis();
    database = await openTestDatabase();
  });
  afterEach(async () => {
    await redis.clean();
    await database.drop();
    rmSync(data, { recursive: true, force: true });
  });

  it('leave the local workspace one process: a second up on the same data directory is refused', async () => {
    const env = {
      REDIS_URL: redis.config.url,
      REDIS_PREFIX: redis.config.prefix,
      DATABASE_URL: database.config.url,
    };
    const first = await startTenkyo(data, { env, readyWithinMs: 120_000 });
    for (const command of ['up', 'playground']) {
      const { code, stderr } = await runTenkyo([command, '--port', '0', '--data', data], { env });
      expect(code).toBe(2);
      expect(stderr).toContain('the data directory is in use');
      expect(stderr).toContain(join(data, 'workspace.sqlite'));
      expect(stderr).toContain(`Stop process ${first.pid}`);
    }
    // It goes with its process, however that ends.
    await first.end('SIGKILL');
    const next = await startTenkyo(data, { env, readyWithinMs: 120_000 });
    expect(await next.end('SIGTERM')).toEqual({ code: 0, signal: null });
  }, 300_000);
});
