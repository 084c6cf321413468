import { readJsonLines } from '../../src/corpus/json-lines.ts';
import { countLines } from '../../src/corpus/lines.ts';
import { openBytes } from '../../src/corpus/open-bytes.ts';
import type { CorpusRecord, ReadRecordsOptions } from '../../src/corpus/record.ts';
import { readParquet } from './parquet.ts';
import { countParquet } from './parquet-rows.ts';

const isParquet = (path: string): boolean => /\.parquet$/i.test(path);

/** The records of a file, by what its name ends in: `.parquet`, else lines of JSON (`.gz` and `.zst` too). */
export const readRecords = (path: string, options: ReadRecordsOptions = {}): AsyncGenerator<CorpusRecord> =>
  isParquet(path) ? readParquet(path, options) : readJsonLines(path, options);

/** How many there are: rows by the file's footer, lines by counting. */
export const countRecords = (
  path: string,
  options: Pick<ReadRecordsOptions, 'allowCut' | 'signal'> = {},
): Promise<number> => (isParquet(path) ? countParquet(path) : countLines(openBytes(path, options)));
