import { type FileHandle, open, stat } from 'node:fs/promises';
import { TenkyoError } from '../../errors.ts';

/** What is wrong with a file, and where in it. */
export interface Fault {
  readonly file: string;
  /** Byte at which it was seen. */
  readonly offset: number;
  readonly expected: string;
  readonly found: string;
  readonly remedy?: string;
  readonly cause?: unknown;
}

const copyAgain = 'Copy the file again from where the run was trained, or make it again.';

export const corrupt = (message: string, { file, offset, expected, found, remedy, cause }: Fault): TenkyoError =>
  new TenkyoError('file_corrupt', message, {
    where: `${file}, byte ${offset}`,
    expected,
    found,
    remedy: remedy ?? copyAgain,
    cause,
  });

/** A file with a known size; what lies outside it is never asked for. */
export interface BoundedFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Fills `target` from `offset`. Throws `file_corrupt` when the file ends before. */
  read(offset: number, target: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** One read call takes less than 2 GiB. */
const largestRead = 2 ** 30;

const missing = (path: string, what: string, cause: unknown): TenkyoError => {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new TenkyoError('file_missing', `${what} ${code === 'ENOENT' ? 'is missing' : 'cannot be read'}`, {
    where: path,
    found: code,
    remedy: 'Check the paths in the run file, and that the file is there and readable.',
    cause,
  });
};

const bounded = async (path: string, what: string, handle: FileHandle): Promise<BoundedFile> => {
  const { size } = await handle.stat();
  return {
    path,
    size,
    read: async (offset, target) => {
      let done = 0;
      while (done < target.length) {
        const length = Math.min(target.length - done, largestRead);
        const { bytesRead } = await handle.read(target, done, length, offset + done);
        if (bytesRead === 0) {
          throw corrupt(`${what} ends too early`, {
            file: path,
            offset: offset + done,
            expected: `${target.length - done} more bytes`,
            found: 'the end of the file',
          });
        }
        done += bytesRead;
      }
    },
    close: () => handle.close(),
  };
};

/**
 * Opens a file for positioned reads; the caller closes it.
 *
 * @param what its name in messages ("The token index")
 * @throws TenkyoError `file_missing`
 */
export const openFile = async (path: string, what: string): Promise<BoundedFile> => {
  let handle: FileHandle;
  try {
    // Looked at before it is opened: opening a named pipe would wait for somebody to write to it.
    if (!(await stat(path)).isFile()) throw 'not a plain file';
    handle = await open(path, 'r');
  } catch (cause) {
    throw missing(path, what, cause);
  }
  try {
    return await bounded(path, what, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
};

/** Opens a file for as long as `use` runs. */
export const withFile = async <T>(path: string, what: string, use: (file: BoundedFile) => Promise<T>): Promise<T> => {
  const file = await openFile(path, what);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
};

/** The first `length` bytes, or fewer where the file is shorter. */
export const readHead = async (file: BoundedFile, length: number): Promise<Buffer> => {
  const head = Buffer.alloc(Math.min(length, file.size));
  await file.read(0, head);
  return head;
};
