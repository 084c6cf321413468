import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe } from '@jest/globals';
import { testServerUrl } from './elasticsearch.ts';

const script = resolve(
  fileURLToPath(import.meta.url),
  '../../../../shared/services/elasticsearch/run-elasticsearch.sh',
);

/** Cases that start an Elasticsearch server of their own, to kill it; elsewhere skipped, and their name says why. */
export const describeOnOwnElasticsearch = (name: string, cases: () => void): void =>
  testServerUrl !== null && existsSync(script)
    ? describe(name, cases)
    : describe.skip(`${name} (needs TENKYO_TEST_ELASTICSEARCH_URL and what starts a server beside the project)`, cases);

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

export interface OwnElasticsearch {
  readonly url: string;
  /** As `kill -9` does; resolves when the process is gone. */
  kill(): Promise<void>;
  /** The same server again, with the same data at the same address. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A node with its data in a folder. Resolves when it answers. */
export const startOwnElasticsearch = async (home: string): Promise<OwnElasticsearch> => {
  const [http, transport] = [await freePort(), await freePort()];
  let child: ChildProcess | null = null;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((done) => running.once('exit', done));
    running.kill(signal);
    await gone;
  };

  const start = async (): Promise<void> => {
    const started = spawn(script, [home, `${http}`, `${transport}`], {
      env: { ...process.env, ES_HEAP: '512m' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child = started;
    for await (const line of createInterface({ input: started.stdout })) if (line.startsWith('READY')) break;
    started.stdout.resume();
    if (started.exitCode !== null) throw new Error(`Elasticsearch ended with ${started.exitCode} before it was ready`);
  };

  await start();
  return { url: `http://127.0.0.1:${http}`, kill: () => end('SIGKILL'), start, stop: () => end('SIGTERM') };
};
