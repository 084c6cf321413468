import { createColumn } from './column.ts';
import { type BoundedFile, corrupt, openFile } from './file.ts';
import { bytesOf } from './integers.ts';
import type { TokenIndex } from './token-index.ts';

/** `<prefix>.bin`: token ids, sequence after sequence. */
export interface TokenFile {
  /** Ids of tokens `start` to `end` (exclusive) of a sequence. Both lie within it. */
  read(sequence: number, start: number, end: number): Promise<Float64Array>;
  close(): Promise<void>;
}

const checkSize = ({ path, size }: BoundedFile, { tokens, tokenType, file }: TokenIndex): void => {
  const bytes = tokens * bytesOf[tokenType];
  if (size === bytes) return;
  throw corrupt('The token file is not as long as its index says', {
    file: path,
    offset: Math.min(size, bytes),
    expected: `${bytes} bytes: ${tokens} tokens of ${tokenType} (${file})`,
    found: `${size} bytes`,
  });
};

/**
 * Opens `<prefix>.bin` for reading by sequence; the caller closes it. The index stays open as long.
 *
 * @throws TenkyoError `file_missing`, or `file_corrupt` when it does not fit its index
 */
export const openTokenFile = async (prefix: string, index: TokenIndex): Promise<TokenFile> => {
  const file = await openFile(`${prefix}.bin`, 'The token file');
  try {
    checkSize(file, index);
  } catch (error) {
    await file.close();
    throw error;
  }
  const ids = createColumn(file, { type: index.tokenType, offset: 0, length: index.tokens });
  const width = bytesOf[index.tokenType];
  return {
    read: async (sequence, start, end) => {
      const [pointer] = await index.pointers.read(sequence, 1);
      return ids.read(pointer! / width + start, end - start);
    },
    close: () => file.close(),
  };
};
