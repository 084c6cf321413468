import { TenkyoError } from '../../errors.ts';
import { rebuildHint } from './build-folder.ts';

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const corruptCodes = new Set([11, 26]);

export const damagedIndex = (
  corpus: string,
  { where, expected, found, cause }: { where: string; expected: string; found: string; cause?: unknown },
): TenkyoError =>
  new TenkyoError('file_corrupt', `the index "${corpus}" is damaged`, {
    where,
    expected,
    found,
    cause,
    remedy: rebuildHint(corpus),
  });

/** A database error as one that a person can act on, when it says that the file is damaged; else as it is. */
export const explainDatabaseError = (error: unknown, where: string, corpus: string): unknown => {
  const { errcode, message } = error as { errcode?: number; message: string };
  if (errcode === undefined || !corruptCodes.has(errcode & 0xff)) return error;
  return damagedIndex(corpus, { where, expected: 'a whole SQLite database', found: message, cause: error });
};
