import { open } from 'node:fs/promises';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { tokenColumns } from '../../src/corpus/fields.ts';
import type { CorpusRecord } from '../../src/corpus/record.ts';
import { TenkyoError } from '../../src/errors.ts';
import { notText, plainValue } from './plain-value.ts';

/** Uncompressed bytes of a row group that are read at once, where the file has page indexes to cut it by. */
const readBytes = 32 * 2 ** 20;
/** Of one that has none and so must be held whole. */
const largestGroup = 2 ** 31;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

const text = (bytes: Uint8Array | undefined): unknown => {
  try {
    return bytes && strictUtf8.decode(bytes);
  } catch {
    return notText;
  }
};

const json = (bytes: Uint8Array | undefined): unknown => {
  const content = text(bytes);
  if (typeof content !== 'string') return content;
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return content;
  }
};

const asIs = (bytes: Uint8Array | undefined): unknown => bytes;

const parsers = { stringFromBytes: text, jsonFromBytes: json, geometryFromBytes: asIs, geographyFromBytes: asIs };

interface Table {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  /** Top-level columns that are read. */
  readonly columns: string[];
  readonly rows: number;
}

const corrupt = (path: string, where: string, cause: unknown): TenkyoError =>
  new TenkyoError('file_corrupt', "the parquet file can't be read", {
    cause,
    where: `${path}${where}`,
    found: String((cause as Error | null)?.message ?? cause),
    remedy: 'Check that the file is whole, or copy it again.',
  });

/** Slices of the file; what lies outside it is refused before memory is taken for it. */
const openSlices = async (path: string): Promise<AsyncBuffer & { close(): Promise<void> }> => {
  const handle = await open(path).catch((cause: unknown) => {
    throw new TenkyoError('file_missing', "the corpus file can't be read", {
      cause,
      where: path,
      found: String((cause as Error).message),
      remedy: 'Check the path.',
    });
  });
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      if (!(start >= 0 && end >= start && end <= size)) {
        throw new Error(`it speaks of bytes ${start} to ${end}, but ends at ${size}`);
      }
      const bytes = new Uint8Array(end - start);
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, done, Math.min(bytes.length - done, 2 ** 30), start + done);
        if (bytesRead === 0) throw new Error(`it ends at byte ${start + done}`);
        done += bytesRead;
      }
      return bytes.buffer;
    },
    close: () => handle.close(),
  };
};

const withTable = async function* <T>(path: string, use: (table: Table) => AsyncGenerator<T>): AsyncGenerator<T> {
  const file = await openSlices(path);
  try {
    const table = await describe(path, file);
    yield* use(table);
  } finally {
    await file.close();
  }
};

const describe = async (path: string, file: AsyncBuffer): Promise<Table> => {
  try {
    if (file.byteLength < 12) throw new Error(`it is ${file.byteLength} bytes long, too short for a parquet file`);
    const head = new TextDecoder('latin1').decode(await file.slice(0, 4));
    if (head !== 'PAR1') throw new Error(`it begins with ${JSON.stringify(head)}, not with "PAR1"`);
    const metadata = await parquetMetadataAsync(file, { geoparquet: false });
    const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    if (rows !== Number(metadata.num_rows) || !(rows <= Number.MAX_SAFE_INTEGER)) {
      throw new Error(`it says that it has ${metadata.num_rows} rows, but its row groups have ${rows}`);
    }
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    return { file, metadata, rows, columns: columns.filter((name) => !tokenColumns.has(name)) };
  } catch (error) {
    throw corrupt(path, '', error);
  }
};

/** Row ranges that are read one after the other: a row group, or a part of it where its page index allows. */
function* ranges({ row_groups: groups }: FileMetaData, path: string): Generator<readonly [number, number]> {
  let start = 0;
  for (const group of groups) {
    const rows = Number(group.num_rows);
    const bytes = Number(
      group.columns.reduce((sum, { meta_data: facts }) => sum + (facts?.total_uncompressed_size ?? 0n), 0n),
    );
    const hasIndex = group.columns.every((column) => (column.offset_index_length ?? 0) > 0);
    if (!hasIndex && bytes > largestGroup) {
      const where = `, rows ${start + 1} to ${start + rows}`;
      throw corrupt(
        path,
        where,
        new Error(`a row group of ${bytes} bytes without a page index; at most ${largestGroup}`),
      );
    }
    const step = hasIndex ? Math.max(1, Math.floor((rows * readBytes) / Math.max(bytes, 1))) : rows;
    for (let from = start; from < start + rows; from += step) yield [from, Math.min(from + step, start + rows)];
    start += rows;
  }
}

type Column = (row: number) => unknown;

/** The columns of a range of rows. */
const readRange = async ({ file, metadata, columns }: Table, [rowStart, rowEnd]: readonly [number, number]) => {
  const parts = new Map<string, { start: number; end: number; data: ArrayLike<unknown> }[]>();
  await parquetRead({
    file,
    metadata,
    columns,
    rowStart,
    rowEnd,
    compressors,
    parsers,
    geoparquet: false,
    useOffsetIndex: true,
    onChunk: ({ columnName, columnData, rowStart: start, rowEnd: end }) => {
      const list = parts.get(columnName) ?? [];
      list.push({ start, end, data: columnData });
      parts.set(columnName, list);
    },
  });
  const read = new Map<string, Column>();
  for (const name of columns) {
    const list = parts.get(name) ?? [];
    const held = list.reduce(
      (sum, { start, end }) => sum + Math.max(0, Math.min(end, rowEnd) - Math.max(start, rowStart)),
      0,
    );
    if (held !== rowEnd - rowStart) {
      throw new Error(`column "${name}" has ${held} of the ${rowEnd - rowStart} values that its row group speaks of`);
    }
    let at = 0;
    read.set(name, (row) => {
      while (row >= list[at]!.end) at += 1;
      return list[at]!.data[row - list[at]!.start];
    });
  }
  return read;
};

const rowContent = (
  columns: ReadonlyMap<string, Column>,
  row: number,
  maximumBytes: number,
): CorpusRecord['content'] => {
  const value: Record<string, unknown> = {};
  let units = 0;
  for (const [name, read] of columns) {
    const cell = plainValue(read(row));
    if (cell === notText) return { fault: `"${name}": not valid UTF-8` };
    if (cell === undefined) continue;
    if (typeof cell === 'string') units += cell.length;
    value[name] = cell;
  }
  return units > maximumBytes ? { fault: `the row is ${units} characters long, longer than the limit` } : { value };
};

/**
 * Reads the rows of a parquet file in the thread that calls it, which a damaged file may keep for good: a run length of
 * two milliards takes two bytes.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt` with the rows that can't be read
 */
export const parquetRows = (
  path: string,
  { maximumBytes, from }: { maximumBytes: number; from: number },
): AsyncGenerator<CorpusRecord> =>
  withTable(path, async function* (table) {
    for (const [start, end] of ranges(table.metadata, path)) {
      if (end <= from) continue;
      const columns = await readRange(table, [start, end]).catch((error: unknown) => {
        throw corrupt(path, `, rows ${start + 1} to ${end}`, error);
      });
      for (let row = Math.max(start, from); row < end; row += 1) {
        yield { number: row, bytes: 0, content: rowContent(columns, row, maximumBytes) };
      }
    }
  });

/** Rows of a parquet file, by its metadata. Throws as `parquetRows` does. */
export const countParquet = async (path: string): Promise<number> => {
  const counts = withTable(path, async function* ({ rows }) {
    yield rows;
  });
  for await (const rows of counts) return rows;
  return 0;
};
