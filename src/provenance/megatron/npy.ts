import { createColumn, type IntegerColumn } from './column.ts';
import { type BoundedFile, corrupt, openFile, readHead } from './file.ts';
import { bytesOf, type IntegerType } from './integers.ts';

/** What a reader of one array accepts. */
export interface NpyExpectation {
  /** The array's name in messages: `sample_index`. */
  readonly name: string;
  readonly types: readonly IntegerType[];
  /** 1: a list [n]; 2: a table [n, 2]. */
  readonly columns: 1 | 2;
}

/** An open `.npy` file: rows × columns values, row after row. */
export interface NpyFile extends IntegerColumn {
  readonly rows: number;
  close(): Promise<void>;
}

interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly bigint[];
  readonly dataOffset: number;
}

const magic = '\x93NUMPY';
/** numpy's own are 118 bytes long; a longer header than this is no list of integers. */
const longestHeader = 65_536;

const typeOf: Readonly<Record<string, IntegerType>> = {
  '|i1': 'int8',
  '|u1': 'uint8',
  '<i2': 'int16',
  '<u2': 'uint16',
  '<i4': 'int32',
  '<u4': 'uint32',
  '<i8': 'int64',
};

const descrOf = (type: IntegerType): string => Object.keys(typeOf).find((descr) => typeOf[descr] === type) ?? type;

/** The entries of the header's Python dict, whatever their order: quoted text, a truth value or a tuple of integers. */
const parseDict = (text: string): Map<string, string> | null => {
  const entries = new Map<string, string>();
  const entry = /\s*'(\w+)'\s*:\s*('[^']*'|True|False|\([\d,L ]*\))\s*(?:,|(?=\}))/y;
  let at = text.indexOf('{') + 1;
  if (at !== 1) return null;
  for (;;) {
    entry.lastIndex = at;
    const match = entry.exec(text);
    if (!match) break;
    entries.set(match[1]!, match[2]!);
    at = entry.lastIndex;
  }
  return /^\s*\}\s*$/.test(text.slice(at)) ? entries : null;
};

const parseShape = (text: string): bigint[] | null => {
  const parts = text
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  return parts.every((part) => /^\d{1,20}L?$/.test(part)) ? parts.map((part) => BigInt(part.replace('L', ''))) : null;
};

/** The `.npy` header, versions 1.0 to 3.0 (numpy.lib.format; NEP 1). */
const readHeader = async (file: BoundedFile, { name }: NpyExpectation): Promise<NpyHeader> => {
  const fault = (message: string, offset: number, expected: string, found: string) =>
    corrupt(`${name}: ${message}`, { file: file.path, offset, expected, found });
  const start = await readHead(file, 12);
  if (start.length < 10) throw fault('the file is too short', start.length, 'a .npy header', `${start.length} bytes`);
  if (start.toString('latin1', 0, 6) !== magic) {
    throw fault('not a .npy file', 0, '"\\x93NUMPY"', JSON.stringify(start.toString('latin1', 0, 6)));
  }
  const version = start[6]!;
  if (version < 1 || version > 3) throw fault('unknown .npy version', 6, '1, 2 or 3', String(version));
  const textOffset = version === 1 ? 10 : 12;
  if (start.length < textOffset) throw fault('the file is too short', start.length, 'a .npy header', 'its end');
  const length = version === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8);
  const dataOffset = textOffset + length;
  if (length > longestHeader || dataOffset > file.size) {
    const most = Math.min(longestHeader, file.size - textOffset);
    throw fault('the header does not fit', 8, `a header of at most ${most} bytes`, `${length} bytes`);
  }
  const text = Buffer.alloc(length);
  await file.read(textOffset, text);
  const entries = parseDict(text.toString('latin1'));
  const shape = parseShape(entries?.get('shape') ?? 'x');
  const descr = entries?.get('descr');
  const order = entries?.get('fortran_order');
  if (!descr?.startsWith("'") || !shape || !(order === 'True' || order === 'False')) {
    const shown = JSON.stringify(text.toString('latin1', 0, 120).trim());
    throw fault('the header cannot be read', textOffset, "{'descr': …, 'fortran_order': …, 'shape': …}", shown);
  }
  return { descr: descr.slice(1, -1), fortranOrder: order === 'True', shape, dataOffset };
};

/** The type and row count, when the header is what was expected and agrees with the file's size. */
const checkHeader = (
  { path, size }: BoundedFile,
  { descr, fortranOrder, shape, dataOffset }: NpyHeader,
  { name, types, columns }: NpyExpectation,
): { type: IntegerType; rows: number } => {
  const fault = (message: string, expected: string, found: string, offset = 10) =>
    corrupt(`${name}: ${message}`, { file: path, offset, expected, found });
  const type = typeOf[descr];
  if (type === undefined || !types.includes(type)) {
    throw fault('wrong type of values', types.map(descrOf).join(' or '), descr);
  }
  const [rows, width] = shape;
  const fits = columns === 1 ? shape.length === 1 : shape.length === 2 && width === 2n;
  if (rows === undefined || !fits) {
    throw fault('wrong shape', columns === 1 ? '(n,)' : '(n, 2)', `(${shape.join(', ')})`);
  }
  // With one row or one column both orders are the same bytes, and numpy may write either.
  if (fortranOrder && columns > 1 && rows > 1n) throw fault('values in column order', 'row order', 'Fortran order');
  const bytes = rows * BigInt(columns * bytesOf[type]);
  const held = BigInt(size - dataOffset);
  if (bytes !== held) {
    throw fault(
      held < bytes ? 'the file is cut off' : 'the file is longer than its header says',
      `${bytes} bytes of values, shape (${shape.join(', ')})`,
      `${held} bytes`,
      dataOffset,
    );
  }
  return { type, rows: Number(rows) };
};

/**
 * Opens a `.npy` array of integers for reading; the caller closes it. Nothing is allocated by what the header claims,
 * and that must agree with the file's size.
 *
 * @throws TenkyoError `file_missing`, or `file_corrupt` with the byte, what was expected and what was found
 */
export const openNpy = async (path: string, expectation: NpyExpectation): Promise<NpyFile> => {
  const file = await openFile(path, expectation.name);
  try {
    const header = await readHeader(file, expectation);
    const { type, rows } = checkHeader(file, header, expectation);
    const column = createColumn(file, { type, offset: header.dataOffset, length: rows * expectation.columns });
    return { ...column, rows, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
};
