import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../src/clock.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import { indexContent, unorderedContent } from '../test/support/index-content.ts';
import { createLetterEmbedder } from '../test/support/search-fakes.ts';
import { buildIndex } from './build-index.ts';
import type { BuildProgress } from './progress.ts';

let folder: string;
let directory: string;
let embedded: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-grow-'));
  directory = join(folder, 'index');
  embedded = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const counting = (letters: Embedder): Embedder => ({
  ...letters,
  embed: async (texts, role, options) => {
    if (role === 'passage') embedded += texts.length;
    return letters.embed(texts, role, options);
  },
});
const embedder = counting(createLetterEmbedder());
const documents = () => join(folder, '*.jsonl*');
const line = (value: unknown) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`;
const write = (source: string, lines: readonly unknown[]) =>
  writeFile(join(folder, `${source}.jsonl`), lines.map(line).join(''));
const grow = (source: string, lines: readonly unknown[]) =>
  appendFile(join(folder, `${source}.jsonl`), lines.map(line).join(''));
const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, number) => ({ text: `${name}の${number}番の文書です。地震について述べる。` }));

/** Builds, and says how many lines were read and how many texts embedded for it. */
const build = async (options: Partial<Parameters<typeof buildIndex>[0]> = {}) => {
  const seen: BuildProgress[] = [];
  const before = embedded;
  const progress = (state: BuildProgress) => seen.push(state);
  const shared = { corpus: { name: 'c', documents: documents() }, embedder, directory, clock: systemClock, progress };
  const { manifest, rejectsFile } = await buildIndex({ ...shared, ...options });
  const lines = seen.find(({ step }) => step === 'texts')?.total ?? 0;
  const database = join(options.directory ?? directory, 'c', manifest.buildId, 'index.sqlite');
  return { manifest, rejectsFile, database, lines, embedded: embedded - before };
};
const afresh = () => build({ directory: join(folder, 'afresh') });

describe('an index of a corpus that changes', () => {
  it('reads and embeds only the lines that were appended, and is then the same as one built afresh', async () => {
    await write('a', numbered('甲', 40));
    await write('b', ['{broken', ...numbered('乙', 50)]);
    const first = await build();
    expect(first).toMatchObject({ lines: 91, embedded: 90 });
    await grow('b', [...numbered('追', 5), '[]']);
    await write('c', numbered('丙', 7));
    const second = await build();
    expect(second).toMatchObject({ lines: 13, embedded: 12 });
    expect(second.manifest).toMatchObject({ documents: 102, passages: 102, vectors: 102, rejects: { count: 2 } });
    const whole = await afresh();
    expect(indexContent(second.database)).toEqual(indexContent(whole.database));
    expect(await readFile(second.rejectsFile!, 'utf8')).toBe(await readFile(whole.rejectsFile!, 'utf8'));
    expect(await build()).toMatchObject({ lines: 0, embedded: 0, manifest: { buildId: second.manifest.buildId } });
  });

  it('holds the same where what came does not come last, and grows again from there', async () => {
    await write('a', numbered('甲', 30));
    await write('m', numbered('乙', 30));
    await build();
    await grow('a', numbered('追', 3));
    await write('b', numbered('丙', 4));
    expect(await build()).toMatchObject({ lines: 7, embedded: 7 });
    await grow('b', numbered('又', 2));
    const third = await build();
    expect(third).toMatchObject({ lines: 2, embedded: 2 });
    expect(unorderedContent(third.database)).toEqual(unorderedContent((await afresh()).database));
  });

  it('begins anew when a file has changed or gone, and embeds only what is new in it', async () => {
    await write('a', numbered('甲', 40));
    await write('b', numbered('乙', 50));
    await build();
    const changed = numbered('乙', 50);
    changed[20] = { text: '全く別の文書。' };
    await write('b', changed);
    const second = await build();
    expect(second).toMatchObject({ lines: 90, embedded: 1 });
    await rm(join(folder, 'a.jsonl'));
    const third = await build();
    expect(third).toMatchObject({ lines: 50, embedded: 0 });
    expect(indexContent(third.database)).toEqual(indexContent((await afresh()).database));
  });

  it('does not take a line for whole that had no end yet', async () => {
    await writeFile(join(folder, 'a.jsonl'), '{"text":"一"}\n{"text":"二"');
    expect((await build()).manifest).toMatchObject({ documents: 1, rejects: { count: 1 } });
    await appendFile(join(folder, 'a.jsonl'), '}\n{"text":"三"}');
    const second = await build();
    expect(second.manifest).toMatchObject({ documents: 3, rejects: { count: 0 } });
    await appendFile(join(folder, 'a.jsonl'), '\n{"text":"四"}');
    const third = await build();
    expect(third).toMatchObject({ lines: 1, embedded: 1, manifest: { documents: 4 } });
    expect(indexContent(third.database)).toEqual(indexContent((await afresh()).database));
  });

  it('reads a compressed file that has grown from its beginning', async () => {
    const packed = (count: number) => gzipSync(numbered('甲', count).map(line).join(''));
    await writeFile(join(folder, 'a.jsonl.gz'), packed(10));
    await build();
    await writeFile(join(folder, 'a.jsonl.gz'), packed(12));
    expect(await build()).toMatchObject({ lines: 12, embedded: 2, manifest: { documents: 12 } });
  });

  it('reads nothing again for another embedder, and embeds all', async () => {
    await write('a', numbered('甲', 40));
    await build();
    const other = counting(createLetterEmbedder({ fingerprint: 'other', dimensions: 8 }));
    const second = await build({ embedder: other });
    expect(second).toMatchObject({ lines: 0, embedded: 40, manifest: { vectors: 40 } });
    const whole = await build({ embedder: other, directory: join(folder, 'afresh') });
    expect(indexContent(second.database)).toEqual(indexContent(whole.database));
    expect(await build({ embedder: null })).toMatchObject({ lines: 0, embedded: 0, manifest: { vectors: 0 } });
  });

  it('goes on with a copy that was stopped', async () => {
    await write('a', numbered('甲', 200));
    await build();
    await grow('a', numbered('追', 200));
    let time = 0;
    const clock = { ...systemClock, now: () => (time += 1_000) };
    for (const [step, done] of [
      ['texts', 50],
      ['vectors', 300],
    ] as const) {
      const stop = new AbortController();
      const progress = (state: BuildProgress) => {
        if (state.step === step && state.done >= done) stop.abort(new Error('stopped'));
      };
      await expect(build({ clock, progress, signal: stop.signal })).rejects.toThrow('stopped');
    }
    const last = await build();
    expect(last.lines).toBe(200);
    expect(last.embedded).toBeLessThan(110);
    expect(indexContent(last.database)).toEqual(indexContent((await afresh()).database));
  });

  it('does without an earlier build that is damaged', async () => {
    await write('a', numbered('甲', 400));
    const first = await build();
    const bytes = await readFile(first.database);
    for (const [from, to] of [
      [0, bytes.length],
      [8_192, bytes.length],
      [bytes.length >> 1, (bytes.length >> 1) + 8_192],
    ] as const) {
      await writeFile(first.database, Buffer.from(bytes).fill(0x78, from, to));
      await grow('a', numbered(`追${from}`, 1));
      const next = await build();
      const whole = await build({ directory: join(folder, `afresh-${from}`) });
      expect(indexContent(next.database)).toEqual(indexContent(whole.database));
      await rm(join(directory, 'c', next.manifest.buildId), { recursive: true });
      await writeFile(join(directory, 'c/current'), first.manifest.buildId);
    }
  });
});
