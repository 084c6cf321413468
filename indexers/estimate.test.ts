import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../src/clock.ts';
import { createLetterEmbedder } from '../test/support/search-fakes.ts';
import { buildIndex } from './build-index.ts';
import { estimateBuild } from './estimate.ts';
import { planBuild } from './plan-build.ts';

const demo = resolve(fileURLToPath(import.meta.url), '../../demo/corpus');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-estimate-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const options = (documents: string) => ({
  corpus: { name: 'c', documents },
  embedder: createLetterEmbedder({ dimensions: 256 }),
  directory: join(folder, 'index'),
  clock: systemClock,
});
const estimate = async (documents: string) => estimateBuild(options(documents), await planBuild(options(documents)));

describe('estimateBuild', () => {
  it('comes near what is built', async () => {
    // So many more that a sample is no more than a part of it.
    const lines = (await readFile(join(demo, 'ja_web.jsonl'), 'utf8')).trim().split('\n');
    for (let copy = 0; copy < 10; copy++) {
      await writeFile(join(folder, `copy${copy}_web.jsonl`), lines.map((line) => `${line}\n`).join(''));
    }
    const documents = `{${demo},${folder}}/*.jsonl`;
    const estimated = await estimate(documents);
    const { manifest } = await buildIndex(options(documents));
    expect(estimated.passages / manifest.passages).toBeGreaterThan(0.9);
    expect(estimated.passages / manifest.passages).toBeLessThan(1.1);
    expect(estimated.bytes / manifest.databaseBytes).toBeGreaterThan(0.6);
    expect(estimated.bytes / manifest.databaseBytes).toBeLessThan(1.6);
    expect(estimated.seconds).toBeGreaterThan(0);
    expect(estimated.linesToRead).toBe(600 + 1_120);
    expect(estimated.passagesOf.length).toBe(15);
  });

  it('counts for the lines only that are new where the rest can be taken over', async () => {
    const line = '{"text":"地震が起きた。大雨が降った。"}\n';
    await writeFile(join(folder, 'a.jsonl'), line.repeat(300));
    const documents = join(folder, '*.jsonl');
    expect(await estimate(documents)).toMatchObject({ passages: 300, linesToRead: 300 });
    await buildIndex(options(documents));
    await appendFile(join(folder, 'a.jsonl'), line.repeat(20));
    expect(await estimate(documents)).toMatchObject({ passages: 320, linesToRead: 20 });
  });

  it('knows nothing of a corpus without documents', async () => {
    await writeFile(join(folder, 'a.jsonl'), '{broken\n');
    expect(await estimate(join(folder, '*.jsonl'))).toMatchObject({ passages: 0, bytes: 0, seconds: 0 });
  });
});
