import { type BoundedFile, corrupt, readHead, withFile } from './file.ts';
import { bytesOf, type IntegerArray, type IntegerType, readIntegers } from './integers.ts';

/** `<prefix>.idx`: where each sequence of `<prefix>.bin` begins and how long it is. */
export interface TokenIndex {
  readonly file: string;
  /** Type of a token id in the `.bin`. */
  readonly tokenType: IntegerType;
  /** Tokens of each sequence. */
  readonly lengths: IntegerArray;
  /** Byte of the `.bin` at which each sequence begins. */
  readonly pointers: IntegerArray;
  /** Line d of the tokenised file holds sequences bounds[d] … bounds[d + 1] − 1. */
  readonly documentBounds: IntegerArray;
  /** Tokens in all. */
  readonly tokens: number;
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
 * Reads `<prefix>.idx`.
 *
 * @throws TenkyoError `file_missing`, or `file_corrupt` with the byte, what was expected and what was found
 */
export const readTokenIndex = (prefix: string): Promise<TokenIndex> =>
  withFile(`${prefix}.idx`, name, async (file) => {
    const { tokenType, sequences, bounds } = await readHeader(file);
    const pointersAt = headerBytes + 4 * sequences;
    const boundsAt = pointersAt + 8 * sequences;
    const lengths = await readIntegers(file, headerBytes, sequences, 'int32');
    const pointers = await readIntegers(file, pointersAt, sequences, 'int64');
    const documentBounds = await readIntegers(file, boundsAt, bounds, 'int64');
    const fault = (message: string, offset: number, expected: string | number, found: string | number) =>
      corrupt(`${name}: ${message}`, { file: file.path, offset, expected: String(expected), found: String(found) });

    const tokenBytes = bytesOf[tokenType];
    let tokens = 0;
    for (let sequence = 0; sequence < sequences; sequence += 1) {
      const length = lengths[sequence]!;
      if (length < 0) {
        throw fault(`sequence ${sequence} has a negative length`, headerBytes + 4 * sequence, '0 or more', length);
      }
      if (pointers[sequence] !== tokens * tokenBytes) {
        const at = pointersAt + 8 * sequence;
        throw fault(
          `sequence ${sequence} does not begin where the one before ends`,
          at,
          tokens * tokenBytes,
          pointers[sequence]!,
        );
      }
      tokens += length;
    }
    for (let line = 0; line < bounds; line += 1) {
      const low = line === 0 ? 0 : documentBounds[line - 1]!;
      const high = line === 0 ? 0 : line === bounds - 1 ? Number.POSITIVE_INFINITY : sequences;
      const bound = documentBounds[line]!;
      if (bound < low || bound > high) {
        throw fault(`document bound ${line} is out of order`, boundsAt + 8 * line, `${low} to ${high}`, bound);
      }
    }
    if (bounds === 0 || documentBounds[bounds - 1] !== sequences) {
      const at = boundsAt + 8 * Math.max(0, bounds - 1);
      throw fault('the last document bound is wrong', at, sequences, documentBounds[bounds - 1] ?? 'no bounds');
    }
    return { file: file.path, tokenType, lengths, pointers, documentBounds, tokens };
  });
