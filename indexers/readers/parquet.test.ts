import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { TenkyoError } from '../../src/errors.ts';
import { seededRandom } from '../../src/search/seeded-random.ts';
import { readParquet } from './parquet.ts';
import { countParquet } from './parquet-rows.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-parquet-'));
  file = join(folder, 'table.parquet');
});
afterAll(() => rm(folder, { recursive: true }));

const write = (columnData: ColumnSource[], rowGroupSize = 100, indexes = true): Promise<void> =>
  writeFile(
    file,
    Buffer.from(
      parquetWriteBuffer({
        columnData: columnData.map((column) => ({ offsetIndex: indexes, ...column })),
        rowGroupSize,
        pageSize: 1_000,
      }),
    ),
  );
const read = (options: Parameters<typeof readParquet>[1] = {}) => Array.fromAsync(readParquet(file, options));

const texts = Array.from({ length: 250 }, (_, row) => `文書${row} ${'語'.repeat(row % 60)}`);

describe('readParquet', () => {
  it.each([true, false])('reads rows over row groups, from any row on (page indexes: %s)', async (indexes) => {
    await write([{ name: 'text', data: texts, type: 'STRING' }], 100, indexes);
    expect(await countParquet(file)).toBe(250);
    const records = await read();
    expect(records.map(({ number }) => number)).toEqual([...texts.keys()]);
    expect(records.map(({ content }) => content)).toEqual(texts.map((text) => ({ value: { text } })));
    for (const from of [99, 130, 250]) {
      expect((await read({ from })).map(({ content }) => content)).toEqual(
        texts.slice(from).map((text) => ({ value: { text } })),
      );
    }
  });

  it('gives cells as JSON would hold them, and leaves tokens out', async () => {
    await write([
      { name: 'text', data: ['a', 'b'], type: 'STRING' },
      { name: 'id', data: [1n, 2n ** 60n], type: 'INT64' },
      { name: 'score', data: [0.5, 2], type: 'DOUBLE' },
      { name: 'when', data: [new Date(0), new Date(1e12)], type: 'TIMESTAMP' },
      { name: 'meta', data: [{ url: 'https://example.org/', deep: [1, 'x'] }, { url: null }], type: 'JSON' },
      { name: 'maybe', data: [undefined, true], type: 'BOOLEAN' },
      { name: 'token_ids', data: ['1 2', '3'], type: 'STRING' },
    ]);
    expect((await read()).map(({ content }) => content)).toEqual([
      {
        value: {
          text: 'a',
          id: 1,
          score: 0.5,
          when: '1970-01-01T00:00:00.000Z',
          meta: { url: 'https://example.org/', deep: [1, 'x'] },
          maybe: null,
        },
      },
      {
        value: {
          text: 'b',
          id: String(2n ** 60n),
          score: 2,
          when: '2001-09-09T01:46:40.000Z',
          meta: { url: null },
          maybe: true,
        },
      },
    ]);
  });

  it('names rows whose text is none or is too long', async () => {
    const data = [Buffer.from('good'), Buffer.from([0x61, 0xff]), Buffer.from('x'.repeat(500))];
    await write([{ name: 'text', data, type: 'BYTE_ARRAY' }]);
    expect((await read({ maximumBytes: 200 })).map(({ content }) => content)).toEqual([
      { value: { text: 'good' } },
      { fault: '"text": not valid UTF-8' },
      { fault: 'the row is 500 characters long, longer than the limit' },
    ]);
  });

  it('reads no rows of an empty table, stops when told to', async () => {
    await write([{ name: 'text', data: [], type: 'STRING' }]);
    expect(await read()).toEqual([]);
    await write([{ name: 'text', data: texts, type: 'STRING' }]);
    await expect(read({ signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });

  it('says what is wrong with a broken file, and never dies of one', async () => {
    await write([
      { name: 'text', data: texts, type: 'STRING' },
      { name: 'score', data: [...texts.keys()], type: 'INT32' },
    ]);
    const whole = await readFile(file);
    for (const broken of [whole.subarray(0, -1), whole.subarray(10), whole.subarray(0, 5), Buffer.alloc(0)]) {
      await writeFile(file, broken);
      await expect(read()).rejects.toMatchObject({ code: 'file_corrupt', where: expect.stringContaining(file) });
      await expect(countParquet(file)).rejects.toMatchObject({ code: 'file_corrupt' });
    }
    await expect(countParquet(join(folder, 'none'))).rejects.toMatchObject({ code: 'file_missing' });

    const random = seededRandom(7);
    let refused = 0;
    for (let round = 0; round < 40; round++) {
      const mutated = Buffer.from(whole);
      // The footer holds every offset and count: half of the damage goes there.
      const from = round % 2 === 0 ? 0 : whole.length - 800;
      for (let times = 1 + (round % 3); times > 0; times--) {
        mutated[from + Math.floor(random() * (whole.length - from))] = Math.floor(random() * 256);
      }
      await writeFile(file, mutated);
      try {
        for await (const { number, content } of readParquet(file, { deadlineMs: 1_500 })) {
          expect(number).toBeLessThan(1e6);
          expect('fault' in content || typeof content.value === 'object').toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(TenkyoError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(5);
  }, 120_000);
});
