import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../src/clock.ts';
import { readCurrent } from '../src/search/embedded/build-folder.ts';
import { buildIndex } from './build-index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-rejects-'));
});
afterEach(() => rm(folder, { recursive: true }));

const build = (options: Partial<Parameters<typeof buildIndex>[0]> = {}) =>
  buildIndex({
    corpus: { name: 'c', documents: join(folder, '*.jsonl') },
    embedder: null,
    directory: join(folder, 'index'),
    clock: systemClock,
    ...options,
  });
const write = (name: string, lines: readonly (string | Buffer)[]) =>
  writeFile(join(folder, name), Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
const good = '{"text":"地震が起きた。"}';

describe('records that are no documents', () => {
  it.each([0, 2])('are named in a file, each with its place and reason (%i threads)', async (threads) => {
    await write('a.jsonl', [
      good,
      '{"text":"broken',
      '{"text":3}',
      Buffer.from([0x7b, 0x22, 0x74, 0xff, 0xfe, 0x22, 0x7d]),
      Buffer.alloc(50_000_000, 'x'),
      Buffer.alloc(64),
      '{"text":"raw \0 inside"}',
      '',
      '[]',
      '{"text":"x","meta":"y"}',
      good,
    ]);
    await write('b.jsonl', [good, 'null']);
    const { manifest, rejectsFile } = await build({ threads });
    expect(manifest).toMatchObject({ documents: 3, rejects: { count: 10 } });
    expect(rejectsFile).toBe(join(folder, 'index/c', manifest.buildId, 'rejects.jsonl'));
    const named = (await readFile(rejectsFile!, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    const [a, b] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')];
    expect(named).toEqual([
      { file: a, line: 2, reason: expect.stringContaining('not JSON') },
      { file: a, line: 3, reason: '"text": expected a string, found a number' },
      { file: a, line: 4, reason: 'not valid UTF-8' },
      { file: a, line: 5, reason: expect.stringContaining('50000000 bytes') },
      { file: a, line: 6, reason: expect.stringContaining('not JSON') },
      { file: a, line: 7, reason: expect.stringContaining('not JSON') },
      { file: a, line: 8, reason: 'the line is empty' },
      { file: a, line: 9, reason: expect.stringContaining('an object') },
      { file: a, line: 10, reason: '"meta": expected an object, found a string' },
      { file: b, line: 2, reason: expect.stringContaining('an object') },
    ]);
  });

  it('stop the build where there are too many; what is current stays, and a second attempt stops too', async () => {
    await write('a.jsonl', [good]);
    const { manifest, rejectsFile } = await build();
    expect(rejectsFile).toBeNull();
    await write('a.jsonl', [good, '{broken', '[]', good, '{"text":1}']);
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(build({ maximumRejects: 2 })).rejects.toMatchObject({
        code: 'file_corrupt',
        where: `${join(folder, 'a.jsonl')}:2`,
        expected: 'at most 2',
        remedy: expect.stringMatching(/rejects\.jsonl names every line.*--max-rejects/),
      });
      expect(await readCurrent(join(folder, 'index/c'))).toBe(manifest.buildId);
    }
    const allowed = await build({ maximumRejects: 3 });
    expect(allowed.manifest).toMatchObject({ documents: 2, rejects: { count: 3 } });
    expect((await readFile(allowed.rejectsFile!, 'utf8')).split('\n').length).toBe(4);
  });
});
