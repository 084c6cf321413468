import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { diagnose } from '../../main/doctor/diagnose.ts';
import type { Finding } from '../../main/doctor/finding.ts';
import { loadConfig } from '../../src/config/load.ts';
import { describeOnServers, openTestDatabase } from '../support/servers.ts';

let cwd: string;
let child: ChildProcess | null;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenkyo-doctor-'));
  child = null;
  writeFileSync(join(cwd, 'tenkyo.yaml'), 'apps: [{ name: finder, roles: [search] }]\n');
});
afterEach(async () => {
  child?.kill('SIGKILL');
  if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  rmSync(cwd, { recursive: true, force: true });
});

const examine = async (env: Record<string, string>): Promise<(what: string) => Finding | undefined> => {
  const findings = await diagnose(async () => loadConfig({ demonstration: resolve('demo/tenkyo.yaml'), cwd, env }), {
    port: 0,
  });
  expect(JSON.stringify(findings)).not.toContain('marked');
  return (what) => findings.find((finding) => finding.what === what);
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

it('finds a Redis and a PostgreSQL that are down, without their passwords', async () => {
  const port = await freePort();
  const about = await examine({
    REDIS_URL: `redis://:marked@127.0.0.1:${port}`,
    DATABASE_URL: `postgresql://tenkyo:marked@127.0.0.1:${port}/tenkyo`,
  });
  expect(about('Redis')).toMatchObject({ state: 'fault', remedy: expect.stringContaining('Start the server') });
  expect(about('PostgreSQL')).toMatchObject({ state: 'fault', remedy: expect.stringContaining('Start the server') });
}, 60_000);

const redis = spawnSync('redis-server', ['--version']).status === 0;
(redis || process.env.CI ? it : it.skip)(
  'finds a Redis that would throw jobs away, and one that forgets them',
  async () => {
    const port = await freePort();
    const settings = ['--maxmemory-policy', 'allkeys-lru', '--appendonly', 'no', '--save', ''];
    child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', cwd, ...settings], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    await new Promise<void>((ready) =>
      child?.stdout?.on('data', (text) => {
        said += text;
        if (said.includes('Ready to accept connections')) ready();
      }),
    );
    const about = await examine({ REDIS_URL: `redis://127.0.0.1:${port}` });
    expect(about('Redis')?.state).toBe('ok');
    expect(about('Redis: memory')).toMatchObject({ state: 'warning', found: expect.stringContaining('allkeys-lru') });
    expect(about('Redis: persistence')).toMatchObject({
      state: 'warning',
      found: expect.stringContaining('appendonly no'),
    });
  },
  60_000,
);

describeOnServers('a real PostgreSQL', () => {
  it('is named with its version, and a database that is not there with what to do', async () => {
    const database = await openTestDatabase();
    try {
      const about = await examine({ DATABASE_URL: database.config.url });
      expect(about('PostgreSQL')).toMatchObject({ state: 'ok', found: expect.stringMatching(/^version \d+/) });
      const other = Object.assign(new URL(database.config.url), { pathname: '/nowhere_at_all' }).href;
      expect((await examine({ DATABASE_URL: other }))('PostgreSQL')).toMatchObject({
        state: 'fault',
        found: expect.stringContaining('nowhere_at_all'),
      });
    } finally {
      await database.drop();
    }
  });
});
