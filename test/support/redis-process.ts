import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe } from '@jest/globals';
import type { RedisConfig } from '../../src/config/config.ts';
import { freePort } from '../faults/support/free-port.ts';

const missing = ['redis-server', 'redis-cli', 'openssl'].filter((program) => {
  try {
    execFileSync(program, [program === 'openssl' ? 'version' : '--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
});
if (missing.length > 0 && process.env.CI === 'true') {
  throw new Error(`${missing.join(' and ')} not found: .ci/run installs redis-server, and openssl with PostgreSQL`);
}

/** Cases that start Redis servers of their own; without the program they are skipped, and their name says why. */
export const describeWithOwnRedis = (name: string, cases: () => void): void =>
  missing.length > 0 ? describe.skip(`${name} (needs ${missing.join(', ')})`, cases) : describe(name, cases);

/** Starts `redis-server` and waits until it takes connections. */
export const startRedis = async (args: readonly string[]): Promise<ChildProcess> => {
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  server.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const deadline = Date.now() + 20_000;
  while (!/Ready to accept connections|Sentinel ID is/.test(said)) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`redis-server did not start:\n${said}`);
    await delay(20);
  }
  return server;
};

export const keepsEverything = ['--save', '', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'];

export const killProcess = async (server: ChildProcess): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
};

/** Servers that stand and fall together, in a folder of their own. */
export interface RedisServers {
  readonly config: Omit<RedisConfig, 'prefix'>;
  /** The one that is written to; absent: there are several. */
  readonly master?: ChildProcess;
  close(): Promise<void>;
}

const open = async (
  start: (
    folder: string,
    add: (args: readonly string[]) => Promise<ChildProcess>,
  ) => Promise<Omit<RedisServers, 'close'>>,
): Promise<RedisServers> => {
  const folder = mkdtempSync(join(tmpdir(), 'tenkyo-redis-'));
  const servers: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(killProcess));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const opened = await start(folder, async (args) => {
      const server = await startRedis(args);
      servers.push(server);
      return server;
    });
    return { ...opened, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const plain = { caFile: null, sentinels: null, cluster: false };
const at = (port: number): readonly string[] => ['--bind', '127.0.0.1', '--port', String(port)];
const within = (folder: string, name: string): readonly string[] => {
  mkdirSync(join(folder, name));
  return ['--dir', join(folder, name), ...keepsEverything];
};

/** One server behind TLS, with a certificate authority of its own. */
export const openRedisWithTls = (): Promise<RedisServers> =>
  open(async (folder, add) => {
    const file = (name: string): string => join(folder, name);
    const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', file('ca.key'), '-out', file('ca.crt'), '-days', '2', '-subj', '/CN=ca');
    openssl('req', ...key, '-keyout', file('server.key'), '-out', file('server.csr'), '-subj', '/CN=redis');
    writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1\n');
    const signed = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
    openssl('x509', '-req', '-in', file('server.csr'), ...signed, '-out', file('server.crt'), '-days', '2');
    const port = await freePort();
    const certificate = ['--tls-cert-file', file('server.crt'), '--tls-key-file', file('server.key')];
    const tls = ['--tls-port', String(port), ...certificate, '--tls-ca-cert-file', file('ca.crt')];
    const master = await add([...at(0), ...tls, '--tls-auth-clients', 'no', ...within(folder, 'data')]);
    return { config: { ...plain, url: `rediss://127.0.0.1:${port}`, caFile: file('ca.crt') }, master };
  });

/** A server, its replica and three sentinels that make the replica the master when the server is away for a second. */
export const openRedisWithSentinels = (): Promise<RedisServers> =>
  open(async (folder, add) => {
    const [port, replica] = [await freePort(), await freePort()];
    const master = await add([...at(port), ...within(folder, 'master')]);
    await add([...at(replica), ...within(folder, 'replica'), '--replicaof', '127.0.0.1', String(port)]);
    const nodes = [];
    for (const name of ['one', 'two', 'three']) {
      const node = { host: '127.0.0.1', port: await freePort() };
      const file = join(folder, `${name}.conf`);
      writeFileSync(
        file,
        `bind 127.0.0.1
port ${node.port}
dir ${folder}
sentinel monitor records 127.0.0.1 ${port} 2
sentinel down-after-milliseconds records 1000
sentinel failover-timeout records 5000
`,
      );
      await add([file, '--sentinel']);
      nodes.push(node);
    }
    return {
      config: { ...plain, url: 'redis://sentinels', sentinels: { nodes, name: 'records', password: null } },
      master,
    };
  });

/** A cluster of three masters. */
export const openRedisCluster = (): Promise<RedisServers> =>
  open(async (folder, add) => {
    const ports: number[] = [];
    for (const name of ['one', 'two', 'three']) {
      const port = await freePort();
      // Its bus would be 10,000 above, which may be nobody's port to have.
      const bus = ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())];
      await add([...at(port), ...within(folder, name), ...bus]);
      ports.push(port);
    }
    const nodes = ports.map((port) => `127.0.0.1:${port}`);
    execFileSync('redis-cli', ['--cluster', 'create', ...nodes, '--cluster-yes'], { stdio: 'ignore' });
    const state = (port: number): string =>
      execFileSync('redis-cli', ['-p', String(port), 'cluster', 'info'], { encoding: 'utf8' });
    const deadline = Date.now() + 30_000;
    while (!ports.every((port) => state(port).includes('cluster_state:ok'))) {
      if (Date.now() > deadline) throw new Error('the cluster did not come together');
      await delay(100);
    }
    return { config: { ...plain, url: `redis://${nodes[0]}`, cluster: true } };
  });
