import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeNpy, type IntegerName } from '../../../test/support/megatron/encode.ts';
import { TenkyoError } from '../../errors.ts';
import { type NpyExpectation, openNpy } from './npy.ts';

const all: readonly IntegerName[] = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64'];
const list: NpyExpectation = { name: 'list', types: all, columns: 1 };
const pairs: NpyExpectation = { name: 'pairs', types: all, columns: 2 };

const limits: Readonly<Record<IntegerName, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

describe('openNpy', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-npy-'));
    file = join(folder, 'array.npy');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  interface NpyArray {
    readonly rows: number;
    readonly data: Float64Array;
    offsetOf(index: number): number;
  }
  /** All values, read front to back and by position. */
  const read = async (bytes: Buffer, expectation: NpyExpectation = list): Promise<NpyArray> => {
    writeFileSync(file, bytes);
    const npy = await openNpy(file, expectation);
    try {
      const data = await npy.read(0, npy.length);
      const streamed: number[] = [];
      for await (const { values } of npy.chunks()) streamed.push(...values);
      expect(streamed).toEqual([...data]);
      return { rows: npy.rows, data, offsetOf: npy.offsetOf };
    } finally {
      await npy.close();
    }
  };
  const refused = async (bytes: Buffer, expectation: NpyExpectation = list): Promise<TenkyoError> => {
    const outcome = await read(bytes, expectation).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(TenkyoError);
    expect(outcome).toMatchObject({ code: 'file_corrupt', where: expect.stringContaining(file) });
    return outcome as TenkyoError;
  };

  it('reads every integer type exactly, header versions 1 to 3', async () => {
    const cases = fc
      .constantFrom(...all)
      .chain((type) =>
        fc.tuple(
          fc.constant(type),
          fc.array(
            fc.oneof(fc.constantFrom(...limits[type]), fc.integer({ min: limits[type][0], max: limits[type][1] })),
          ),
          fc.constantFrom(1 as const, 2 as const, 3 as const),
        ),
      );
    await fc.assert(
      fc.asyncProperty(cases, async ([type, values, version]) => {
        const { data, rows } = await read(encodeNpy(type, values, 1, { version }));
        expect(rows).toBe(values.length);
        // −0 does not exist in a file.
        expect([...data]).toEqual(values.map((value) => value + 0));
      }),
      { seed: 1 },
    );
  });

  it('reads tables of two columns, row after row', async () => {
    const { rows, data } = await read(encodeNpy('int64', [0, 0, 2 ** 40, 7], 2), pairs);
    expect(rows).toBe(2);
    expect([...data]).toEqual([0, 0, 2 ** 40, 7]);
  });

  it('takes the keys of the header in any order', async () => {
    const header = "{'shape': (2L,), 'fortran_order': False, 'descr': '<i4'}";
    expect([...(await read(encodeNpy('int32', [5, 6], 1, { header }))).data]).toEqual([5, 6]);
  });

  it.each([
    [
      'a million million million elements',
      "{'descr': '<i8', 'fortran_order': False, 'shape': (1000000000000000000,), }",
    ],
    ['more than 64 bits of elements', "{'descr': '<i8', 'fortran_order': False, 'shape': (99999999999999999999,), }"],
  ])('allocates nothing for a header that claims %s', async (_, header) => {
    const before = process.memoryUsage().arrayBuffers;
    const { expected, found } = await refused(encodeNpy('int64', [1, 2], 1, { header }));
    expect(expected).toContain('bytes of values');
    expect(found).toBe('16 bytes');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it.each([
    ['another type', "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", '<f8'],
    ['big-endian values', "{'descr': '>i8', 'fortran_order': False, 'shape': (2,), }", '>i8'],
    ['a table where a list belongs', "{'descr': '<i8', 'fortran_order': False, 'shape': (1, 2), }", '(1, 2)'],
    ['a single value', "{'descr': '<i8', 'fortran_order': False, 'shape': (), }", '()'],
    ['a negative length', "{'descr': '<i8', 'fortran_order': False, 'shape': (-2,), }", 'shape'],
    ['named fields', "{'descr': [('a', '<i8')], 'fortran_order': False, 'shape': (2,), }", 'descr'],
    ['no dictionary', 'import os', 'import os'],
  ])('refuses %s', async (_, header, found) => {
    expect((await refused(encodeNpy('int64', [1, 2], 1, { header }))).found).toContain(found);
  });

  it('refuses columns one after the other, but for a single row, where both orders are the same', async () => {
    const header = (rows: number) => `{'descr': '<i4', 'fortran_order': True, 'shape': (${rows}, 2), }`;
    expect((await refused(encodeNpy('int32', [1, 2, 3, 4], 2, { header: header(2) }), pairs)).found).toBe(
      'Fortran order',
    );
    expect([...(await read(encodeNpy('int32', [1, 2], 2, { header: header(1) }), pairs)).data]).toEqual([1, 2]);
  });

  it('says where a file is cut off, or goes on too long', async () => {
    const whole = encodeNpy('int32', [1, 2, 3]);
    const cut = await refused(whole.subarray(0, -1));
    expect(cut).toMatchObject({ message: 'list: the file is cut off', where: `${file}, byte 128`, found: '11 bytes' });
    const longer = await refused(Buffer.concat([whole, Buffer.from([0])]));
    expect(longer).toMatchObject({ message: 'list: the file is longer than its header says', found: '13 bytes' });
    expect((await refused(Buffer.alloc(0))).message).toBe('list: the file is too short');
  });

  it('refuses 64-bit values that no number holds', async () => {
    const bytes = Buffer.concat([encodeNpy('int64', [1]), Buffer.alloc(8, 0x7f)]);
    const header = "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }";
    const two = Buffer.concat([encodeNpy('int64', [1], 1, { header }), bytes.subarray(-8)]);
    expect((await refused(two)).where).toBe(`${file}, byte 136`);
  });

  it('says which file is missing, and takes no folder for a file', async () => {
    const path = join(folder, 'none.npy');
    await expect(openNpy(path, list)).rejects.toMatchObject({ code: 'file_missing', where: path });
    await expect(openNpy(folder, list)).rejects.toMatchObject({ code: 'file_missing', where: folder });
  });

  it('gives the values or a clear error for 5,000 mutated files', async () => {
    const whole = encodeNpy('int32', [...Array(40).keys()]);
    const mutation = fc.record({
      changes: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
      // Most mutations should hit the header: that is where a reader goes wrong.
      inHeader: fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 3 }),
      keep: fc.oneof(fc.constant(whole.length), fc.nat(whole.length)),
    });
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async ({ changes, inHeader, keep }) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of [...changes, ...inHeader]) bytes[at] = value;
        const outcome = await read(bytes.subarray(0, keep)).catch((error: unknown) => error);
        if (outcome instanceof TenkyoError) {
          refusals += 1;
          expect(outcome).toMatchObject({ code: 'file_corrupt', where: expect.stringContaining(', byte ') });
        } else {
          const { data, rows, offsetOf } = outcome as NpyArray;
          expect(data.length).toBe(rows);
          expect(offsetOf(data.length)).toBe(keep);
          // What was read is what stands in the file.
          if (data.length * 4 === keep - offsetOf(0) && data[0]! < 0)
            expect(data[0]).toBe(bytes.readInt32LE(offsetOf(0)));
        }
      }),
      { numRuns: 5000, seed: 2 },
    );
    expect(refusals).toBeGreaterThan(500);
  });
});
