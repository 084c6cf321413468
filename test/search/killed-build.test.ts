import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import { createLetterEmbedder } from '../support/search-fakes.ts';

const script = resolve(fileURLToPath(import.meta.url), '../build-process.ts');
const documents = 600;

/** Runs a build and kills it -9 at its n-th line; the lines it wrote. */
const build = async (files: string, directory: string, killAt: number): Promise<string[]> => {
  const child = spawn(process.execPath, [script, files, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.once('close', done));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === killAt) child.kill('SIGKILL');
  }
  await ended;
  return lines;
};

describe('a build that is killed', () => {
  it('is never current, and goes on to hold every document once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenkyo-killed-'));
    try {
      const lines = Array.from({ length: documents }, (_, number) =>
        JSON.stringify({ text: `これは${number}番目の文書である。` }),
      );
      await writeFile(join(folder, 'numbers.jsonl'), lines.join('\n'));
      const files = join(folder, '*.jsonl');
      const directory = join(folder, 'index');
      const open = () =>
        openIndex({ directory, corpus: 'killed', embedder: createLetterEmbedder().fingerprint, clock: systemClock });

      const first = await build(files, directory, 10);
      expect(first.some((line) => line.startsWith('built'))).toBe(false);
      await expect(open()).rejects.toMatchObject({ code: 'index_missing' });
      const second = await build(files, directory, 40);
      expect(Number(second[0]!.split(' ')[1])).toBeGreaterThan(0);
      await expect(open()).rejects.toMatchObject({ code: 'index_missing' });
      const last = await build(files, directory, Number.POSITIVE_INFINITY);
      expect(last.at(-1)).toBe(`built ${documents} ${documents} ${documents}`);
      const index = await open();
      const passages = await index.documents.passagesIn({ source: 'numbers', sequence: 599 }, 0, 100);
      expect(passages.map(({ text }) => text)).toEqual(['これは599番目の文書である。']);
      await index.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
