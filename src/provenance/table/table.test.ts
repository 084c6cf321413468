import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { loadRunFile } from '../../config/run-file.ts';
import { TenkyoError } from '../../errors.ts';
import type { Occurrence } from '../occurrence.ts';
import { type OpenedRun, openRun } from '../open-run.ts';
import { openTable } from './open-table.ts';

describe('the table of occurrences', () => {
  let folder: string;
  let path: string;
  const opened: OpenedRun[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-table-'));
    path = join(folder, 'occurrences.table');
  });
  afterEach(async () => {
    for (const run of opened.splice(0)) await run.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = async (): Promise<OpenedRun> => {
    const run = await openRun({ run: await loadRunFile(resolve('demo/run/run.json')), directory: folder });
    opened.push(run);
    return run;
  };

  it('is made once, in one file, and used again', async () => {
    expect((await open()).built).toBe(true);
    expect(readdirSync(folder)).toEqual(['occurrences.table']);
    const { ino, size } = statSync(path);
    expect((await open()).built).toBe(false);
    expect(statSync(path).ino).toBe(ino);
    // 30,000 occurrences of 600 documents.
    const { sources } = (await open()).facts;
    const occurrences = sources.reduce((sum, source) => sum + source.occurrences, 0);
    expect(size / occurrences).toBeLessThan(5);
  });

  it('answers for a document in two positioned reads', async () => {
    const { occurrences } = await open();
    const handle = await openFile(path, 'r');
    const reads = jest.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'read');
    try {
      for (let sequence = 0; sequence < 50; sequence += 1) {
        reads.mockClear();
        const found = await occurrences.occurrences({ source: 'ja_encyclopedia', sequence });
        expect(found.length).toBeGreaterThan(20);
        expect(reads).toHaveBeenCalledTimes(2);
      }
    } finally {
      reads.mockRestore();
      await handle.close();
    }
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut off', (bytes) => bytes.subarray(0, -7)],
    ['empty', () => Buffer.alloc(0)],
    ['of another version', (bytes) => Buffer.concat([bytes.subarray(0, 8), Buffer.from([9]), bytes.subarray(9)])],
    ['with a damaged footer', (bytes) => bytes.fill(0x20, bytes.length - 40, bytes.length - 38)],
    ['longer in the middle', (bytes) => Buffer.concat([bytes.subarray(0, 500), Buffer.alloc(9), bytes.subarray(500)])],
    ['with a footer as long as the world', (bytes) => bytes.fill(0xff, bytes.length - 16, bytes.length - 12)],
  ])('is made again when it is %s', async (_, spoil) => {
    await open();
    const whole = readFileSync(path);
    writeFileSync(path, spoil(Buffer.from(whole)));
    await expect(openTable(path)).rejects.toMatchObject({ code: 'file_corrupt', where: expect.stringContaining(path) });
    expect((await open()).built).toBe(true);
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  it('leaves nothing behind, and what was there untouched, when a build fails', async () => {
    writeFileSync(path, 'something else');
    const run = await loadRunFile(resolve('demo/run/run.json'));
    const [dataset] = run.datasets;
    const prefix = join(folder, 'data', 'ja_encyclopedia_text_document');
    mkdirSync(join(folder, 'data'));
    const index = readFileSync(`${dataset!.prefix}.idx`);
    // Two lengths that no longer agree with where the sequences begin, though their sum does.
    index.writeInt32LE(index.readInt32LE(34) + 1, 34);
    index.writeInt32LE(index.readInt32LE(38) - 1, 38);
    writeFileSync(`${prefix}.idx`, index);
    copyFileSync(`${dataset!.prefix}.bin`, `${prefix}.bin`);
    const broken = { ...run, datasets: [{ ...dataset!, prefix }, ...run.datasets.slice(1)] };
    await expect(openRun({ run: broken, directory: folder })).rejects.toMatchObject({ code: 'file_corrupt' });
    expect(readFileSync(path, 'utf8')).toBe('something else');
    expect(readdirSync(folder).filter((name) => name.endsWith('.half'))).toEqual([]);
  });

  it('clears away what a killed process left long ago, and nothing else', async () => {
    for (const name of ['occurrences.table.1-a.half', 'occurrences.table.2-b.half', 'other.1-a.half']) {
      writeFileSync(join(folder, name), 'half');
      if (!name.includes('2-b')) utimesSync(join(folder, name), 1, 1);
    }
    await open();
    expect(readdirSync(folder).sort()).toEqual(['occurrences.table', 'occurrences.table.2-b.half', 'other.1-a.half']);
  });

  it('gives the true occurrences or an error for 200 files with damaged bytes', async () => {
    const { occurrences } = await open();
    const documents = [0, 100, 239].map((sequence) => ({ source: 'ja_encyclopedia', sequence }));
    const truth = await Promise.all(documents.map((document) => occurrences.occurrences(document)));
    const whole = readFileSync(path);
    const { sources } = (await openTableAnd(path, async ({ footer }) => footer))!;
    const { recordsAt, recordsBytes, directoryAt } = sources[0]!;
    let refusals = 0;
    const change = fc.record({
      at: fc.oneof(
        fc.integer({ min: recordsAt, max: recordsAt + recordsBytes - 1 }),
        fc.integer({ min: directoryAt, max: directoryAt + 700 }),
      ),
      value: fc.integer({ min: 1, max: 255 }),
      // Many at once too: a whole sector of something else.
      length: fc.constantFrom(1, 1, 1, 4096),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, value, length }) => {
        const bytes = Buffer.from(whole);
        for (let index = at; index < Math.min(at + length, directoryAt + 700); index += 1) bytes[index]! ^= value;
        writeFileSync(path, bytes);
        const run = await open();
        expect(run.built).toBe(false);
        for (const [index, document] of documents.entries()) {
          const found: readonly Occurrence[] | unknown = await run.occurrences
            .occurrences(document)
            .catch((error: unknown) => error);
          if (found instanceof TenkyoError) {
            refusals += 1;
            expect(found).toMatchObject({ code: 'file_corrupt', remedy: expect.stringContaining('Delete') });
          } else expect(found).toEqual(truth[index]);
        }
        await opened.pop()!.close();
      }),
      { numRuns: 200, seed: 5 },
    );
    expect(refusals).toBeGreaterThan(20);
    expect(existsSync(path)).toBe(true);
  });
});

const openTableAnd = async <T>(
  path: string,
  use: (table: Awaited<ReturnType<typeof openTable>>) => Promise<T>,
): Promise<T> => {
  const table = await openTable(path);
  try {
    return await use(table);
  } finally {
    await table.close();
  }
};
