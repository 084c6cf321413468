import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildIndex } from '../../indexers/build-index.ts';
import { systemClock } from '../../src/clock.ts';
import { createOnnxEmbedder } from '../../src/embedding/onnx/onnx-embedder.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { indexContent } from '../support/index-content.ts';
import { createLetterEmbedder } from '../support/search-fakes.ts';

const here = resolve(fileURLToPath(import.meta.url), '..');
const count = 800;
const atOnce = 32;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-cached-'));
  const lines = Array.from({ length: count }, (_, number) =>
    JSON.stringify({ text: `これは${number}番目の文書である。` }),
  );
  await writeFile(join(folder, 'numbers.jsonl'), lines.join('\n'));
});
afterEach(() => rm(folder, { recursive: true }));

const documents = () => join(folder, 'numbers.jsonl');
const contentOf = (directory: string) => {
  const corpus = join(directory, 'cached');
  return indexContent(join(corpus, readFileSync(join(corpus, 'current'), 'utf8').trim(), 'index.sqlite'));
};

describe('a build with a cache of vectors', () => {
  /** Runs a build, kills it -9 at its n-th line; the lines it wrote. */
  const build = async (directory: string, killAt: number): Promise<string[]> => {
    const args = [join(here, 'cached-build-process.ts'), documents(), directory, join(folder, 'cache.sqlite')];
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

  it('that is killed leaves what it embedded to the next, wherever that builds', async () => {
    const first = await build(join(folder, 'first'), 10);
    expect(first.every((line) => line === String(atOnce))).toBe(true);
    const second = await build(join(folder, 'second'), Number.POSITIVE_INFINITY);
    expect(second.at(-1)).toBe('built');
    const embedded = second.slice(0, -1).reduce((sum, line) => sum + Number(line), 0);
    // What the last request before the end embedded may not have been kept.
    expect([count - first.length * atOnce, count - (first.length - 1) * atOnce]).toContain(embedded);
    expect(await build(join(folder, 'third'), Number.POSITIVE_INFINITY)).toEqual(['built']);

    const plain = join(folder, 'plain');
    const corpus = { name: 'cached', documents: documents() };
    await buildIndex({ corpus, embedder: createLetterEmbedder(), directory: plain, clock: systemClock });
    expect(contentOf(join(folder, 'second'))).toEqual(contentOf(plain));
    expect(contentOf(join(folder, 'third'))).toEqual(contentOf(plain));
  });
});

describe('a build that embeds on several threads', () => {
  it('makes the index that one thread makes, to the byte', async () => {
    const host = createOnnxHost();
    const path = resolve(here, '../../demo/models/embedder');
    try {
      for (const workers of [1, 3]) {
        const parallel = { workers, createHost: createOnnxHost, clock: systemClock };
        const embedder = await createOnnxEmbedder({ host, path, queryPrefix: '', passagePrefix: '', parallel });
        const directory = join(folder, `on ${workers}`);
        const { manifest } = await buildIndex({
          corpus: { name: 'cached', documents: documents() },
          embedder,
          directory,
          clock: systemClock,
        });
        expect(manifest.vectors).toBe(count);
        await embedder.close();
      }
    } finally {
      await host.close();
    }
    expect(contentOf(join(folder, 'on 3'))).toEqual(contentOf(join(folder, 'on 1')));
  });
});
