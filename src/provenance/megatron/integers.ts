import { type BoundedFile, corrupt } from './file.ts';

/** A column of integers, each an exact number; 64-bit ones are kept as doubles. */
export type IntegerArray = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float64Array;

export type IntegerType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64';

export const bytesOf: Readonly<Record<IntegerType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
};

/** Largest column held in memory, bytes; V8 allows no more in one buffer. */
const largestColumn = 2 ** 33;

const view = (type: IntegerType, buffer: ArrayBuffer): IntegerArray => {
  switch (type) {
    case 'int8':
      return new Int8Array(buffer);
    case 'uint8':
      return new Uint8Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int64':
      return new Float64Array(buffer);
  }
};

/** Little-endian int64 to double in place: the same eight bytes, so no second buffer. Returns the first index that is no safe integer, or −1. */
const int64ToDouble = (buffer: ArrayBuffer): number => {
  const words = new Int32Array(buffer);
  const doubles = new Float64Array(buffer);
  for (let index = 0; index < doubles.length; index += 1) {
    const value = words[2 * index + 1]! * 4_294_967_296 + (words[2 * index]! >>> 0);
    if (!Number.isSafeInteger(value)) return index;
    doubles[index] = value;
  }
  return -1;
};

/**
 * Reads `count` little-endian integers from `offset`. The caller has compared `count` with the file's size.
 *
 * @throws TenkyoError `file_corrupt` when the file ends before, or a 64-bit value has no exact double (≥ 2^53)
 */
export const readIntegers = async (
  file: BoundedFile,
  offset: number,
  count: number,
  type: IntegerType,
): Promise<IntegerArray> => {
  const bytes = count * bytesOf[type];
  if (bytes > largestColumn) {
    throw corrupt('The column is too large to be held in memory', {
      file: file.path,
      offset,
      expected: `at most ${largestColumn} bytes`,
      found: `${bytes} bytes`,
      remedy: 'Check that this is the file you mean.',
    });
  }
  const buffer = new ArrayBuffer(bytes);
  await file.read(offset, new Uint8Array(buffer));
  if (type === 'int64') {
    const bad = int64ToDouble(buffer);
    if (bad >= 0) {
      throw corrupt('A 64-bit value is out of all proportion', {
        file: file.path,
        offset: offset + 8 * bad,
        expected: 'a value below 2^53',
        found: 'a larger one',
      });
    }
  }
  return view(type, buffer);
};
