/** The file formats of Megatron's data sets, written as its own code writes them. */

export type IntegerName = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64';

const npyTypes = {
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
} as const;

const dtypeCodes: Readonly<Partial<Record<IntegerName, number>>> = {
  uint8: 1,
  int8: 2,
  int16: 3,
  int32: 4,
  int64: 5,
  uint16: 8,
};

export const encodeIntegers = (type: IntegerName, values: readonly number[]): Buffer => {
  switch (type) {
    case 'int8':
      return Buffer.from(Int8Array.from(values).buffer);
    case 'uint8':
      return Buffer.from(Uint8Array.from(values).buffer);
    case 'int16':
      return Buffer.from(Int16Array.from(values).buffer);
    case 'uint16':
      return Buffer.from(Uint16Array.from(values).buffer);
    case 'int32':
      return Buffer.from(Int32Array.from(values).buffer);
    case 'uint32':
      return Buffer.from(Uint32Array.from(values).buffer);
    case 'int64':
      return Buffer.from(BigInt64Array.from(values, BigInt).buffer);
  }
};

export interface NpyOptions {
  readonly version?: 1 | 2 | 3;
  /** Instead of the header that fits. */
  readonly header?: string;
}

/** `numpy.save` of integers: a list, or a table of two columns. */
export const encodeNpy = (
  type: IntegerName,
  values: readonly number[],
  columns: 1 | 2 = 1,
  { version = 1, header }: NpyOptions = {},
): Buffer => {
  const shape = columns === 1 ? `(${values.length},)` : `(${values.length / 2}, 2)`;
  const dict = header ?? `{'descr': '${npyTypes[type]}', 'fortran_order': False, 'shape': ${shape}, }`;
  const start = version === 1 ? 10 : 12;
  const text = `${dict}${' '.repeat(63 - ((start + dict.length) % 64))}\n`;
  const head = Buffer.alloc(start);
  head.write('\x93NUMPY', 'latin1');
  head[6] = version;
  if (version === 1) head.writeUInt16LE(text.length, 8);
  else head.writeUInt32LE(text.length, 8);
  return Buffer.concat([head, Buffer.from(text, 'latin1'), encodeIntegers(type, values)]);
};

/** `<prefix>.idx`; without bounds one sequence a line. */
export const encodeTokenIndex = (
  tokenType: IntegerName,
  lengths: readonly number[],
  bounds: readonly number[] = [...lengths.keys(), lengths.length],
): Buffer => {
  const head = Buffer.alloc(34);
  head.write('MMIDIDX\0\0', 'latin1');
  head.writeBigUInt64LE(1n, 9);
  head[17] = dtypeCodes[tokenType] ?? 0;
  head.writeBigUInt64LE(BigInt(lengths.length), 18);
  head.writeBigUInt64LE(BigInt(bounds.length), 26);
  const width = encodeIntegers(tokenType, [0]).length;
  let tokens = 0;
  const pointers = lengths.map((length) => {
    const pointer = tokens * width;
    tokens += length;
    return pointer;
  });
  return Buffer.concat([
    head,
    encodeIntegers('int32', lengths),
    encodeIntegers('int64', pointers),
    encodeIntegers('int64', bounds),
  ]);
};
