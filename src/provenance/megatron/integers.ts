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

type Narrow = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

const narrowView = (type: Exclude<IntegerType, 'int64'>, bytes: ArrayBuffer, count: number): Narrow => {
  switch (type) {
    case 'int8':
      return new Int8Array(bytes, 0, count);
    case 'uint8':
      return new Uint8Array(bytes, 0, count);
    case 'int16':
      return new Int16Array(bytes, 0, count);
    case 'uint16':
      return new Uint16Array(bytes, 0, count);
    case 'int32':
      return new Int32Array(bytes, 0, count);
    case 'uint32':
      return new Uint32Array(bytes, 0, count);
  }
};

/**
 * Little-endian integers as doubles, so that every loop over a column sees one type of array.
 *
 * @param bytes holds `count` values from its first byte on
 * @param target at least `count` long
 * @returns the first index whose value has no exact double (≥ 2^53), or −1
 */
export const decodeIntegers = (type: IntegerType, bytes: ArrayBuffer, count: number, target: Float64Array): number => {
  if (type !== 'int64') {
    target.set(narrowView(type, bytes, count));
    return -1;
  }
  const words = new Int32Array(bytes, 0, 2 * count);
  for (let index = 0; index < count; index += 1) {
    const value = words[2 * index + 1]! * 4_294_967_296 + (words[2 * index]! >>> 0);
    if (!Number.isSafeInteger(value)) return index;
    target[index] = value;
  }
  return -1;
};
