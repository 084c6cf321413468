import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import { indexContent } from '../support/index-content.ts';
import { createLetterEmbedder } from '../support/search-fakes.ts';

const script = resolve(fileURLToPath(import.meta.url), '../build-process.ts');
const documents = 1_200;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-killed-'));
  const lines = Array.from({ length: documents }, (_, number) =>
    number % 100 === 7 ? `{broken ${number}` : JSON.stringify({ text: `これは${number}番目の文書である。` }),
  );
  await writeFile(join(folder, 'numbers.jsonl'), lines.slice(0, 900).join('\n'));
  await writeFile(join(folder, 'others.jsonl'), lines.slice(900).join('\n'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs a build and kills it -9 at its n-th line; the lines it wrote. */
const build = async (directory: string, threads: number, killAt: number): Promise<string[]> => {
  const args = [script, join(folder, '*.jsonl'), directory, String(threads)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.once('close', done));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === killAt) child.kill('SIGKILL');
  }
  await ended;
  return lines;
};

const open = (directory: string) =>
  openIndex({ directory, corpus: 'killed', embedder: createLetterEmbedder().fingerprint, clock: systemClock });

/** The current build's content and the lines of its rejects' file. */
const contentOf = (directory: string) => {
  const build = join(directory, 'killed', readFileSync(join(directory, 'killed/current'), 'utf8').trim());
  return { ...indexContent(join(build, 'index.sqlite')), rejects: readFileSync(join(build, 'rejects.jsonl'), 'utf8') };
};

describe('a build that is killed', () => {
  it.each([0, 2])('is never current, and ends as the same index as one in a piece (%i threads)', async (threads) => {
    const directory = join(folder, 'index');
    const first = await build(directory, threads, 9);
    expect(first.some((line) => line.startsWith('built'))).toBe(false);
    await expect(open(directory)).rejects.toMatchObject({ code: 'index_missing' });
    const second = await build(directory, threads, 15);
    expect(second[0]).toMatch(/^texts [1-9]/);
    await expect(open(directory)).rejects.toMatchObject({ code: 'index_missing' });
    // Killed among the vectors.
    const third = await build(directory, threads, 36);
    expect(third[0]).toMatch(/^texts [1-9]/);
    expect(third.at(-1)).toMatch(/^vectors [1-9]/);
    await expect(open(directory)).rejects.toMatchObject({ code: 'index_missing' });
    const last = await build(directory, threads, Number.POSITIVE_INFINITY);
    expect(last.find((line) => line.startsWith('vectors'))).toMatch(/^vectors [1-9]/);
    const good = documents - 12;
    expect(last.at(-1)).toBe(`built ${good} ${good} ${good}`);

    const whole = join(folder, 'whole');
    await build(whole, 0, Number.POSITIVE_INFINITY);
    expect(contentOf(directory)).toEqual(contentOf(whole));
    const rejects = (await readFile(join(folder, 'numbers.jsonl'), 'utf8')).split('\n').filter((l) => l[1] === 'b');
    expect(contentOf(directory).rejects.split('\n').length).toBe(rejects.length + 3 + 1);
    const index = await open(directory);
    const passages = await index.documents.passagesIn({ source: 'others', sequence: 299 }, 0, 100);
    expect(passages.map(({ text }) => text)).toEqual(['これは1199番目の文書である。']);
    await index.close();
  });
});
