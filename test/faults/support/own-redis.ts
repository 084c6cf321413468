import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** A Redis server of the test's own, with an append-only file, to be killed. */
export interface OwnRedis {
  readonly url: string;
  /** kill -9, and a new start on the same file after `downMs`. */
  restart(downMs: number): Promise<void>;
  close(): Promise<void>;
}

export const openOwnRedis = async (): Promise<OwnRedis> => {
  const folder = mkdtempSync(join(tmpdir(), 'tenkyo-redis-'));
  const port = await freePort();
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const settings = ['--save', '', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'];
  const start = async (): Promise<ChildProcess> => {
    const server = spawn('redis-server', [...args, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const deadline = Date.now() + 10_000;
    while (!said.includes('Ready to accept connections')) {
      if (server.exitCode !== null || Date.now() > deadline) throw new Error(`redis-server did not start:\n${said}`);
      await delay(20);
    }
    return server;
  };
  let running = await start();
  const kill = async (): Promise<void> => {
    running.kill('SIGKILL');
    await once(running, 'exit');
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    restart: async (downMs) => {
      await kill();
      await delay(downMs);
      running = await start();
    },
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
