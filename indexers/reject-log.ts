import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Reject } from '../src/corpus/read.ts';

/** Stands in a build's folder where some lines were no documents. */
export const rejectsName = 'rejects.jsonl';

/** A file with one line `{file, line, reason}` for each reject. */
export interface RejectLog {
  readonly file: string;
  /** @returns bytes of the file so far */
  append(rejects: readonly Reject[]): Promise<number>;
  close(): Promise<void>;
}

/** @param bytes what is known to belong there; a build that was killed may have written more, which it writes again */
export const openRejectLog = async (file: string, { bytes }: { bytes: number }): Promise<RejectLog> => {
  let handle: FileHandle | null = null;
  let at = bytes;
  if (bytes === 0) await rm(file, { force: true });
  else {
    handle = await open(file, 'r+');
    await handle.truncate(bytes);
  }
  return {
    file,
    append: async (rejects) => {
      if (rejects.length === 0) return at;
      handle ??= await open(file, 'w');
      const lines = Buffer.from(rejects.map((reject) => `${JSON.stringify(reject)}\n`).join(''));
      await handle.write(lines, 0, lines.length, at);
      at += lines.length;
      return at;
    },
    close: async () => {
      await handle?.close();
    },
  };
};
