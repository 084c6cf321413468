import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeIntegers, encodeTokenIndex } from '../../../test/support/megatron/encode.ts';
import { TenkyoError } from '../../errors.ts';
import { checkTokenIndex, openTokenIndex, type TokenIndex } from './token-index.ts';
import { openTokenFile } from './tokens.ts';

describe('the token index', () => {
  let folder: string;
  let prefix: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-idx-'));
    prefix = join(folder, 'data_text_document');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const opened: TokenIndex[] = [];
  afterEach(async () => {
    for (const index of opened.splice(0)) await index.close();
  });
  const readFrom = async (path: string) => {
    const index = await openTokenIndex(path);
    opened.push(index);
    const { lengths, oneToOne } = await checkTokenIndex(index);
    return { ...index, index, lengths, oneToOne };
  };
  const read = async (bytes: Buffer) => {
    writeFileSync(`${prefix}.idx`, bytes);
    return readFrom(prefix);
  };
  const all = (column: TokenIndex['pointers']): Promise<Float64Array> => column.read(0, column.length);
  const refused = async (bytes: Buffer): Promise<TenkyoError> => {
    const outcome = await read(bytes).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(TenkyoError);
    expect(outcome).toMatchObject({ code: 'file_corrupt', where: expect.stringContaining(`${prefix}.idx, byte `) });
    return outcome as TenkyoError;
  };
  const changed = (bytes: Buffer, change: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(bytes);
    change(copy);
    return copy;
  };
  const whole = encodeTokenIndex('uint16', [3, 0, 5]);

  it('reads lengths, pointers and documents', async () => {
    const { lengths, pointers, documentBounds, tokens, tokenType } = await read(whole);
    expect([...lengths]).toEqual([3, 0, 5]);
    expect([...(await all(pointers))]).toEqual([0, 6, 6]);
    expect([...(await all(documentBounds))]).toEqual([0, 1, 2, 3]);
    expect([tokens, tokenType]).toEqual([8, 'uint16']);
  });

  it('counts tokens past 2^31 exactly', async () => {
    const large = 2 ** 31 - 1;
    const { pointers, tokens } = await read(encodeTokenIndex('int32', [large, large, large]));
    expect([...(await all(pointers))]).toEqual([0, 4 * large, 8 * large]);
    expect(tokens).toBe(3 * large);
  });

  it('passes over the modes of a multimodal data set', async () => {
    expect((await read(Buffer.concat([whole, Buffer.alloc(3)]))).tokens).toBe(8);
  });

  it('reads the demonstration', async () => {
    const index = await readFrom(resolve('demo/run/megatron/ja_encyclopedia_text_document'));
    expect([index.lengths.length, index.tokens, index.tokenType]).toEqual([240, 36_440, 'uint16']);
  });

  it.each<[string, (copy: Buffer) => void, Partial<Record<keyof TenkyoError, unknown>>]>([
    [
      'the old form',
      (copy) => copy.write('TNTIDX\0\0', 'latin1'),
      { message: 'The token index is of the old TNTIDX form' },
    ],
    ['another magic', (copy) => copy.write('GARBAGE', 'latin1'), { expected: JSON.stringify('MMIDIDX\0\0') }],
    ['another version', (copy) => copy.writeBigUInt64LE(2n, 9), { expected: '1', found: '2' }],
    ['floating-point tokens', (copy) => copy.writeUInt8(7, 17), { found: '7' }],
    ['an unknown token type', (copy) => copy.writeUInt8(99, 17), { found: '99' }],
    ['a count past the file', (copy) => copy.writeBigUInt64LE(10n ** 18n, 18), { found: `${whole.length} bytes` }],
    ['a count of 64 bits', (copy) => copy.writeBigUInt64LE(2n ** 64n - 1n, 26), { found: `${whole.length} bytes` }],
    ['a negative length', (copy) => copy.writeInt32LE(-3, 34), { found: '-3' }],
    ['lengths that do not add up', (copy) => copy.writeInt32LE(4, 34), { expected: '8', found: '6' }],
    ['a pointer elsewhere', (copy) => copy.writeBigInt64LE(1n, 46), { expected: '0', found: '1' }],
    ['documents out of order', (copy) => copy.writeBigInt64LE(3n, 78), { expected: '3 to 3', found: '2' }],
    ['a last bound too small', (copy) => copy.writeBigInt64LE(2n, 94), { expected: '3', found: '2' }],
  ])('refuses %s', async (_, change, facts) => {
    expect(await refused(changed(whole, change))).toMatchObject(facts);
  });

  it('refuses a file cut off anywhere', async () => {
    for (let length = 0; length < whole.length; length += 1) await refused(whole.subarray(0, length));
  });

  it('says when the file is missing', async () => {
    const none = join(folder, 'none');
    await expect(openTokenIndex(none)).rejects.toMatchObject({ code: 'file_missing', where: `${none}.idx` });
  });

  it('gives what the file holds or a clear error for 5,000 mutated files', async () => {
    const long = encodeTokenIndex('int32', [7, 1, 4, 4, 2, 9, 30]);
    const mutation = fc.record({
      changes: fc.array(fc.tuple(fc.nat(long.length - 1), fc.nat(255)), { maxLength: 4 }),
      inHeader: fc.array(fc.tuple(fc.nat(33), fc.nat(255)), { maxLength: 2 }),
      keep: fc.oneof(fc.constant(long.length), fc.nat(long.length)),
    });
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async ({ changes, inHeader, keep }) => {
        const bytes = Buffer.from(long);
        for (const [at, value] of [...changes, ...inHeader]) bytes[at] = value;
        const outcome = await read(bytes.subarray(0, keep)).catch((error: unknown) => error);
        for (const index of opened.splice(0)) await index.close();
        if (outcome instanceof TenkyoError) {
          refusals += 1;
          expect(outcome).toMatchObject({
            code: 'file_corrupt',
            expected: expect.any(String),
            found: expect.any(String),
          });
        } else {
          const { lengths, pointers, tokens } = outcome as Awaited<ReturnType<typeof read>>;
          expect(lengths.length).toBe(pointers.length);
          expect(tokens).toBe([...lengths].reduce((sum, length) => sum + length, 0));
        }
      }),
      { numRuns: 5000, seed: 3 },
    );
    expect(refusals).toBeGreaterThan(500);
  });

  it.each(['uint8', 'uint16', 'int32', 'int64'] as const)('reads %s token ids by sequence', async (type) => {
    const { index } = await read(encodeTokenIndex(type, [3, 0, 5]));
    writeFileSync(`${prefix}.bin`, encodeIntegers(type, [1, 2, 3, 11, 12, 13, 14, 15]));
    const tokens = await openTokenFile(prefix, index);
    try {
      expect([...(await tokens.read(0, 0, 3))]).toEqual([1, 2, 3]);
      expect([...(await tokens.read(1, 0, 0))]).toEqual([]);
      expect([...(await tokens.read(2, 1, 4))]).toEqual([12, 13, 14]);
    } finally {
      await tokens.close();
    }
  });

  it('refuses a token file that does not fit its index', async () => {
    const { index } = await read(whole);
    writeFileSync(`${prefix}.bin`, Buffer.alloc(15));
    await expect(openTokenFile(prefix, index)).rejects.toMatchObject({ code: 'file_corrupt', found: '15 bytes' });
    rmSync(`${prefix}.bin`);
    await expect(openTokenFile(prefix, index)).rejects.toMatchObject({ code: 'file_missing' });
  });
});
