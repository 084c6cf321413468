import { parentPort, workerData } from 'node:worker_threads';
import type { CorpusRecord } from '../../src/corpus/record.ts';
import { asTenkyoError } from '../../src/errors.ts';
import { parquetRows } from './parquet-rows.ts';

/** What the thread is started with. */
export interface ParquetTask {
  readonly path: string;
  readonly maximumBytes: number;
  readonly from: number;
}

/** Its answer to each message: the next rows, none at the end, or what is wrong with the file. */
export type ParquetReply = { readonly rows: readonly CorpusRecord[] } | { readonly fault: ReturnType<typeof faultOf> };

const batchRows = 256;
const batchUnits = 2 ** 20;

const faultOf = (error: unknown) => {
  const { code, message, where, expected, found, remedy } = asTenkyoError(error);
  return { code, message, where, expected, found, remedy };
};

const sizeOf = ({ content }: CorpusRecord): number =>
  'fault' in content
    ? 0
    : Object.values(content.value as object).reduce(
        (sum: number, cell: unknown) => sum + (typeof cell === 'string' ? cell.length : 8),
        0,
      );

const serve = (port: NonNullable<typeof parentPort>, { path, ...options }: ParquetTask): void => {
  const rows = parquetRows(path, options);
  const next = async (): Promise<ParquetReply> => {
    const batch: CorpusRecord[] = [];
    try {
      for (let units = 0; batch.length < batchRows && units < batchUnits; ) {
        const { done, value } = await rows.next();
        if (done) break;
        batch.push(value);
        units += sizeOf(value);
      }
      return { rows: batch };
    } catch (error) {
      return { fault: faultOf(error) };
    }
  };
  port.on('message', () => void next().then((reply) => port.postMessage(reply)));
};

if (parentPort) serve(parentPort, workerData as ParquetTask);
