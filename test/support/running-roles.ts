import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConfig, RedisConfig } from '../../src/config/config.ts';
import type { RunningTenkyo } from './running-tenkyo.ts';

const main = resolve('main/cli/main.ts');

export interface RunningRole {
  readonly process: ChildProcess;
  output(): string;
  ready(): Promise<void>;
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const startRole = (args: readonly string[], env: Readonly<Record<string, string>>): RunningRole => {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) =>
    child.once('exit', (code, signal) => done({ code, signal })),
  );
  return {
    process: child,
    output: () => output,
    ready: async () => {
      const deadline = Date.now() + 90_000;
      while (!/^Tenkyo's .+ (is|are) ready: /m.test(output)) {
        if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
          child.kill('SIGKILL');
          throw new Error(`tenkyo ${args.join(' ')} did not start:\n${output}`);
        }
        await delay(25);
      }
    },
    end: async (signal) => {
      child.kill(signal);
      return ended;
    },
  };
};

export interface RunningRoles extends RunningTenkyo {
  readonly workers: readonly RunningRole[];
  readonly bots: readonly RunningRole[];
  /** One more, for all queues. */
  startWorker(): Promise<void>;
}

/** The local workspace, two bots and two workers, each a process of its own, on real servers. */
export const startRoles = async (
  data: string,
  { redis, database }: { readonly redis: RedisConfig; readonly database: DatabaseConfig },
  args: readonly string[] = [],
): Promise<RunningRoles> => {
  const env = { REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, DATABASE_URL: database.url };
  const common = ['--data', data, ...args];
  const workspace = startRole(['playground', '--port', '0', ...common], env);
  await workspace.ready();
  const workers = [
    startRole(['workers', ...common], env),
    startRole(['workers', '--queues', 'generate,search', ...common], env),
  ];
  const bots = [startRole(['bots', ...common], env), startRole(['bots', ...common], env)];
  const roles = [...workers, ...bots];
  await Promise.all(roles.map((role) => role.ready()));
  const facts = JSON.parse(readFileSync(join(data, 'process.json'), 'utf8')) as RunningTenkyo;
  const all = [workspace, ...roles];
  return {
    ...facts,
    workers,
    bots,
    startWorker: async () => {
      const worker = startRole(['workers', ...common], env);
      roles.push(worker);
      all.push(worker);
      await worker.ready();
    },
    output: () => all.map((role) => role.output()).join('\n'),
    end: async (signal) => {
      // The workspace last: the others say goodbye to it.
      const ends = await Promise.all(roles.map((role) => role.end(signal)));
      ends.push(await workspace.end(signal));
      return ends.find(({ code }) => code !== 0) ?? { code: 0, signal: null };
    },
  };
};
