import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { keepsEverything, killProcess, startRedis } from '../../support/redis-process.ts';
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
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...keepsEverything];
  let running = await startRedis(args);
  return {
    url: `redis://127.0.0.1:${port}`,
    restart: async (downMs) => {
      await killProcess(running);
      await delay(downMs);
      running = await startRedis(args);
    },
    close: async () => {
      await killProcess(running);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
