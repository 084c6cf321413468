import { open } from 'node:fs/promises';

type NpyType = 'uint8' | 'int16' | 'int32' | 'uint32' | 'int64';

const descr: Readonly<Record<NpyType, string>> = {
  uint8: '|u1',
  int16: '<i2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
};

const chunkValues = 65_536;

const encode = (type: NpyType, values: ArrayLike<number>): Uint8Array => {
  switch (type) {
    case 'uint8':
      return Uint8Array.from(values);
    case 'int16':
      return new Uint8Array(Int16Array.from(values).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'uint32':
      return new Uint8Array(Uint32Array.from(values).buffer);
    case 'int64': {
      const words = new Int32Array(2 * values.length);
      for (let index = 0; index < values.length; index += 1) {
        words[2 * index] = values[index]! | 0;
        words[2 * index + 1] = Math.floor(values[index]! / 4_294_967_296);
      }
      return new Uint8Array(words.buffer);
    }
  }
};

/** Writes integers as `numpy.save` does, version 1.0, byte for byte. The values must fit the type. */
export const writeNpy = async (
  path: string,
  type: NpyType,
  values: Uint32Array | Int16Array | Float64Array,
  { columns = 1 }: { readonly columns?: 1 | 2 } = {},
): Promise<void> => {
  const shape = columns === 1 ? `(${values.length},)` : `(${values.length / 2}, 2)`;
  const dict = `{'descr': '${descr[type]}', 'fortran_order': False, 'shape': ${shape}, }`;
  // The values begin at a multiple of 64; all of these headers are shorter than 118 bytes.
  const text = `${dict.padEnd(117)}\n`;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(text.length, 8);
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(Buffer.concat([head, Buffer.from(text, 'latin1')]));
    for (let from = 0; from < values.length; from += chunkValues) {
      await handle.writeFile(encode(type, values.subarray(from, from + chunkValues)));
    }
  } finally {
    await handle.close();
  }
};
