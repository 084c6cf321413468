import { type BoundedFile, corrupt } from './file.ts';
import { bytesOf, decodeIntegers, type IntegerType } from './integers.ts';

/** A stretch of a column. The array is used again for the next one: what is kept must be copied. */
interface Chunk {
  /** Index of its first value. */
  readonly from: number;
  readonly values: Float64Array;
}

/** A row of integers in a file, read by position or from front to back; never held as a whole. */
export interface IntegerColumn {
  readonly file: string;
  /** Values. */
  readonly length: number;
  /** Byte of the file where value `index` stands, for messages. */
  offsetOf(index: number): number;
  /**
   * Values `from` … `from + count − 1`, which must lie within the column.
   *
   * @throws TenkyoError `file_corrupt` when the file ends before, or a 64-bit value has no exact double (≥ 2^53)
   */
  read(from: number, count: number): Promise<Float64Array>;
  /** All values, front to back. Throws as `read` does. */
  chunks(): AsyncGenerator<Chunk>;
}

interface ColumnOptions {
  readonly type: IntegerType;
  /** Byte of the first value. */
  readonly offset: number;
  /** Values; the caller has compared it with the file's size. */
  readonly length: number;
}

const chunkValues = 65_536;
/** Values read at once for a lookup: neighbours are often asked for next. */
const blockValues = 1024;
const blocksKept = 32;

export const createColumn = (file: BoundedFile, { type, offset, length }: ColumnOptions): IntegerColumn => {
  const width = bytesOf[type];
  const offsetOf = (index: number): number => offset + index * width;
  const blocks = new Map<number, Float64Array>();

  const load = async (from: number, count: number, bytes: ArrayBuffer, target: Float64Array): Promise<void> => {
    await file.read(offsetOf(from), new Uint8Array(bytes, 0, count * width));
    const bad = decodeIntegers(type, bytes, count, target);
    if (bad < 0) return;
    throw corrupt('A 64-bit value is out of all proportion', {
      file: file.path,
      offset: offsetOf(from + bad),
      expected: 'a value below 2^53',
      found: 'a larger one',
    });
  };

  const loadNew = async (from: number, count: number): Promise<Float64Array> => {
    const values = new Float64Array(count);
    await load(from, count, new ArrayBuffer(count * width), values);
    return values;
  };

  const block = async (index: number): Promise<Float64Array> => {
    const kept = blocks.get(index);
    if (kept) return kept;
    const from = index * blockValues;
    const values = await loadNew(from, Math.min(blockValues, length - from));
    // The oldest goes: lookups come in bursts that touch neighbours.
    if (blocks.size >= blocksKept) blocks.delete(blocks.keys().next().value ?? 0);
    blocks.set(index, values);
    return values;
  };

  return {
    file: file.path,
    length,
    offsetOf,
    read: async (from, count) => {
      const first = Math.floor(from / blockValues);
      if (count > 0 && Math.floor((from + count - 1) / blockValues) === first) {
        const start = from - first * blockValues;
        return (await block(first)).slice(start, start + count);
      }
      return loadNew(from, count);
    },
    chunks: async function* () {
      const size = Math.min(chunkValues, length);
      const bytes = new ArrayBuffer(size * width);
      const values = new Float64Array(size);
      for (let from = 0; from < length; from += size) {
        const count = Math.min(size, length - from);
        await load(from, count, bytes, values);
        yield { from, values: count === size ? values : values.subarray(0, count) };
      }
    },
  };
};
