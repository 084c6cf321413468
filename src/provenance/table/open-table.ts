import { crc32 } from 'node:zlib';
import type { TenkyoError } from '../../errors.ts';
import { type BoundedFile, corrupt, openFile } from '../megatron/file.ts';
import { decodeRecord, type Place } from './decode.ts';
import { headBytes, type TableFooter, type TableSource, tableMagic, tableVersion, tailBytes } from './layout.ts';

/** An open table of occurrences. */
export interface Table {
  readonly path: string;
  readonly footer: TableFooter;
  /** The places of a document that drawn samples touch: two positioned reads. Throws `file_corrupt`. */
  places(source: TableSource, sequence: number): Promise<readonly Place[]>;
  close(): Promise<void>;
}

const what = 'The table of occurrences';
const remedy = 'Delete the file: it is made again at the next start.';

const damaged = (
  { path }: BoundedFile,
  message: string,
  offset: number,
  expected: string,
  found: string,
): TenkyoError => corrupt(`${what} ${message}`, { file: path, offset, expected, found, remedy });

const readFooter = async (file: BoundedFile): Promise<TableFooter> => {
  const head = Buffer.alloc(headBytes);
  const tail = Buffer.alloc(tailBytes);
  if (file.size < headBytes + tailBytes) {
    throw damaged(file, 'is cut off', file.size, `${headBytes + tailBytes} bytes`, `${file.size} bytes`);
  }
  await file.read(0, head);
  await file.read(file.size - tailBytes, tail);
  const version = head.readUInt32LE(8);
  const magics = [head.toString('latin1', 0, 8), tail.toString('latin1', 8)];
  if (magics.some((magic) => magic !== tableMagic) || version !== tableVersion) {
    const found = `${JSON.stringify(magics)}, version ${version}`;
    throw damaged(file, 'cannot be read', 0, `"${tableMagic}" at both ends, version ${tableVersion}`, found);
  }
  const bytes = tail.readUInt32LE(0);
  const at = file.size - tailBytes - bytes;
  if (at < headBytes) throw damaged(file, 'is cut off', file.size - tailBytes, 'a footer that fits', `${bytes} bytes`);
  const footer = Buffer.alloc(bytes);
  await file.read(at, footer);
  if (crc32(footer) !== tail.readUInt32LE(4)) {
    throw damaged(file, 'is damaged', at, `CRC-32 ${tail.readUInt32LE(4)}`, String(crc32(footer)));
  }
  const parsed = JSON.parse(footer.toString('utf8')) as TableFooter;
  const end = parsed.sources.reduce(
    (last, { directoryAt, documents, offsetBytes }) => Math.max(last, directoryAt + (documents + 1) * offsetBytes),
    headBytes,
  );
  if (end !== at)
    throw damaged(file, 'is not as long as its footer says', end, `${end} bytes before it`, `${at} bytes`);
  return parsed;
};

/**
 * Opens a table; the caller closes it. Only the footer is read.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt`
 */
export const openTable = async (path: string): Promise<Table> => {
  const file = await openFile(path, what);
  try {
    const footer = await readFooter(file);
    return {
      path,
      footer,
      places: async (source, sequence) => {
        const { recordsAt, recordsBytes, directoryAt, offsetBytes } = source;
        const offsets = Buffer.alloc(2 * offsetBytes);
        const offsetsAt = directoryAt + sequence * offsetBytes;
        await file.read(offsetsAt, offsets);
        const begin = offsets.readUIntLE(0, offsetBytes);
        const end = offsets.readUIntLE(offsetBytes, offsetBytes);
        if (begin >= end || end > recordsBytes) {
          throw damaged(file, 'is damaged', offsetsAt, `offsets up to ${recordsBytes}`, `${begin}, ${end}`);
        }
        const record = new Uint8Array(end - begin);
        await file.read(recordsAt + begin, record);
        const places = decodeRecord(record, {
          sequence,
          parts: source.parts.length,
          positionBytes: footer.positionBytes,
        });
        if (places) return places;
        throw damaged(
          file,
          'is damaged',
          recordsAt + begin,
          `the record of ${source.source} ${sequence}`,
          'other bytes',
        );
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
};
