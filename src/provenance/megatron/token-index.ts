import { createColumn, type IntegerColumn } from './column.ts';
import { type BoundedFile, corrupt, openFile, readHead } from './file.ts';
import { bytesOf, type IntegerType } from './integers.ts';

/** `<prefix>.idx`, open: where each sequence of `<prefix>.bin` begins and how long it is. */
export interface TokenIndex {
  readonly file: string;
  /** Type of a token id in the `.bin`. */
  readonly tokenType: IntegerType;
  /** Tokens of each sequence. */
  readonly lengths: IntegerColumn;
  /** Byte of the `.bin` at which each sequence begins. */
  readonly pointers: IntegerColumn;
  /** Line d of the tokenised file holds sequences bounds[d] … bounds[d + 1] − 1. */
  readonly documentBounds: IntegerColumn;
  /** Tokens in all, by the last sequence. */
  readonly tokens: number;
  close(): Promise<void>;
}

/** What one pass over a token index tells. */
export interface CheckedTokenIndex {
  /** Tokens of each sequence, in memory. */
  readonly lengths: Int32Array;
  /** Whether every line is one sequence. */
  readonly oneToOne: boolean;
}

const headerBytes = 34;
const magic = 'MMIDIDX\0\0';
const legacyMagic = 'TNTIDX\0\0';

/** Megatron's `DType` codes that can hold token ids; 6 and 7 are floating point. */
const tokenTypes: Readonly<Record<number, IntegerType>> = {
  1: 'uint8',
  2: 'int8',
  3: 'int16',
  4: 'int32',
  5: 'int64',
  8: 'uint16',
};

const name = 'The token index';

interface Header {
  readonly tokenType: IntegerType;
  readonly sequences: number;
  readonly bounds: number;
}

/** Header fields, after the counts have been compared with the file's size (megatron/core/datasets/indexed_dataset.py). */
const readHeader = async (file: BoundedFile): Promise<Header> => {
  const fault = (message: string, offset: number, expected: string, found: string, remedy?: string) =>
    corrupt(message, { file: file.path, offset, expected, found, remedy });
  const head = await readHead(file, headerBytes);
  if (head.toString('latin1', 0, legacyMagic.length) === legacyMagic) {
    throw fault(
      `${name} is of the old TNTIDX form`,
      0,
      JSON.stringify(magic),
      JSON.stringify(legacyMagic),
      'Tokenise the data again with a Megatron-LM that writes MMIDIDX (2019 and later).',
    );
  }
  if (head.toString('latin1', 0, magic.length) !== magic) {
    const found = JSON.stringify(head.toString('latin1', 0, magic.length));
    throw fault(`${name} is not a Megatron .idx file`, 0, JSON.stringify(magic), found);
  }
  if (head.length < headerBytes) {
    throw fault(`${name} is cut off`, head.length, `${headerBytes} bytes of header`, `${head.length} bytes`);
  }
  const version = head.readBigUInt64LE(9);
  if (version !== 1n) throw fault(`${name} has an unknown version`, 9, '1', String(version));
  const tokenType = tokenTypes[head[17]!];
  if (!tokenType) {
    throw fault(`${name} names no integer type for tokens`, 17, 'a type code 1, 2, 3, 4, 5 or 8', String(head[17]));
  }
  const sequences = head.readBigUInt64LE(18);
  const bounds = head.readBigUInt64LE(26);
  const bytes = BigInt(headerBytes) + 12n * sequences + 8n * bounds;
  const size = BigInt(file.size);
  // Multimodal data sets add one mode byte a sequence at the end.
  if (size !== bytes && size !== bytes + sequences) {
    throw fault(
      `${name} is not as long as its counts say`,
      18,
      `${bytes} bytes for ${sequences} sequences and ${bounds} document bounds`,
      `${size} bytes`,
    );
  }
  return { tokenType, sequences: Number(sequences), bounds: Number(bounds) };
};

/**
 * Opens `<prefix>.idx`; the caller closes it. Its columns are looked at by `checkTokenIndex`.
 *
 * @throws TenkyoError `file_missing`, or `file_corrupt` with the byte, what was expected and what was found
 */
export const openTokenIndex = async (prefix: string): Promise<TokenIndex> => {
  const file = await openFile(`${prefix}.idx`, name);
  try {
    const { tokenType, sequences, bounds } = await readHeader(file);
    const pointersAt = headerBytes + 4 * sequences;
    const lengths = createColumn(file, { type: 'int32', offset: headerBytes, length: sequences });
    const pointers = createColumn(file, { type: 'int64', offset: pointersAt, length: sequences });
    const boundsAt = pointersAt + 8 * sequences;
    const documentBounds = createColumn(file, { type: 'int64', offset: boundsAt, length: bounds });
    const last = sequences - 1;
    const tokens =
      sequences === 0 ? 0 : (await pointers.read(last, 1))[0]! / bytesOf[tokenType] + (await lengths.read(last, 1))[0]!;
    return { file: file.path, tokenType, lengths, pointers, documentBounds, tokens, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
};

const fault = (
  column: IntegerColumn,
  index: number,
  message: string,
  expected: string | number,
  found: string | number,
) =>
  corrupt(`${name}: ${message}`, {
    file: column.file,
    offset: column.offsetOf(index),
    expected: String(expected),
    found: String(found),
  });

const checkLengths = async ({ lengths, pointers, tokenType }: TokenIndex): Promise<Int32Array> => {
  const width = bytesOf[tokenType];
  const held = new Int32Array(lengths.length);
  for await (const { from, values } of lengths.chunks()) {
    for (let index = 0; index < values.length; index += 1) {
      const length = values[index]!;
      if (length < 0)
        throw fault(lengths, from + index, `sequence ${from + index} has a negative length`, '0 or more', length);
      held[from + index] = length;
    }
  }
  let tokens = 0;
  for await (const { from, values } of pointers.chunks()) {
    for (let index = 0; index < values.length; index += 1) {
      if (values[index] !== tokens * width) {
        const message = `sequence ${from + index} does not begin where the one before ends`;
        throw fault(pointers, from + index, message, tokens * width, values[index]!);
      }
      tokens += held[from + index]!;
    }
  }
  return held;
};

const checkBounds = async ({ documentBounds: bounds, lengths }: TokenIndex): Promise<boolean> => {
  let before = 0;
  let oneToOne = bounds.length === lengths.length + 1;
  for await (const { from, values } of bounds.chunks()) {
    for (let index = 0; index < values.length; index += 1) {
      const line = from + index;
      const low = before;
      // The last bound is looked at below, with a message of its own.
      const high = line === 0 ? 0 : line === bounds.length - 1 ? Number.POSITIVE_INFINITY : lengths.length;
      const bound = values[index]!;
      if (bound < low || bound > high) {
        throw fault(bounds, line, `document bound ${line} is out of order`, `${low} to ${high}`, bound);
      }
      if (bound !== line) oneToOne = false;
      before = bound;
    }
  }
  if (bounds.length === 0 || before !== lengths.length) {
    const found = bounds.length === 0 ? 'no bounds' : before;
    throw fault(bounds, Math.max(0, bounds.length - 1), 'the last document bound is wrong', lengths.length, found);
  }
  return oneToOne;
};

/**
 * Reads a token index from front to back and checks that lengths, pointers and bounds belong together.
 *
 * @throws TenkyoError `file_corrupt`
 */
export const checkTokenIndex = async (index: TokenIndex): Promise<CheckedTokenIndex> => ({
  lengths: await checkLengths(index),
  oneToOne: await checkBounds(index),
});
