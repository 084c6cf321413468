import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { eventually } from '../support/person.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('leaves no process behind when npm start is told to end', async () => {
  const data = mkdtempSync(join(tmpdir(), 'tenkyo-signals-'));
  const npm = spawn('npm', ['start', '--', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  try {
    const facts = join(data, 'process.json');
    await eventually(() => existsSync(facts), { withinMs: 90_000, what: () => `npm start:\n${output}` });
    const { pid, url } = JSON.parse(readFileSync(facts, 'utf8')) as { pid: number; url: string };
    await eventually(() => output.includes(`Tenkyo is ready: ${url}`));
    expect(isAlive(pid)).toBe(true);

    npm.kill('SIGTERM');
    await eventually(() => !isAlive(pid), { withinMs: 15_000, what: 'the end of the server' });
    await eventually(() => npm.exitCode !== null || npm.signalCode !== null, { what: 'the end of npm' });
    expect(existsSync(facts)).toBe(false);
  } finally {
    npm.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}, 150_000);
