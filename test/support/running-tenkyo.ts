import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface RunningTenkyo {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const main = resolve('main/cli/main.ts');

/** Runs a command of the product to its end, as a person would in a terminal. */
export const runTenkyo = async (
  args: readonly string[],
  {
    env = {},
    cwd = process.cwd(),
    program = main,
  }: { env?: Record<string, string>; cwd?: string; program?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...process.env, NODE_OPTIONS: '', ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((done) => child.once('close', (value) => done(value)));
  return { code, stdout, stderr };
};

const ended = (child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve({ code: child.exitCode, signal: child.signalCode })
    : new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));

/** Starts `tenkyo up` as a process of its own and waits until it says that it is ready. */
export const startTenkyo = async (
  data: string,
  {
    args = [],
    env = {},
    readyWithinMs = 60_000,
    cwd = process.cwd(),
    program = main,
  }: {
    args?: readonly string[];
    env?: Record<string, string>;
    readyWithinMs?: number;
    cwd?: string;
    /** Instead of the repository's: an installed one. */
    program?: string;
  } = {},
): Promise<RunningTenkyo> => {
  const child = spawn(process.execPath, [program, 'up', '--port', '0', '--data', data, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const file = join(data, 'process.json');
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`tenkyo up ended early:\n${output}`);
    if (existsSync(file)) {
      const facts = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; url: string; token: string };
      // A file left by a killed process names another pid.
      if (facts.pid === child.pid) {
        return {
          ...facts,
          output: () => output,
          end: async (signal) => {
            child.kill(signal);
            return ended(child);
          },
        };
      }
    }
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`tenkyo up was not ready within ${readyWithinMs} ms:\n${output}`);
    }
    await delay(25);
  }
};
