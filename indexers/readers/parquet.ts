import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type CorpusRecord, longestRecord, type ReadRecordsOptions } from '../../src/corpus/record.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { ParquetReply, ParquetTask } from './parquet-thread.ts';

export interface ReadParquetOptions extends ReadRecordsOptions {
  /** For the rows of one row group, in milliseconds: after it the file is taken to be damaged. Default 120,000. */
  readonly deadlineMs?: number;
}

const threadFile = new URL(`./parquet-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Of one thread's objects; texts of a row group of 2 GiB fit. */
const heapMegabytes = 6_144;

const damaged = (
  path: string,
  row: number,
  found: string,
  { cause, remedy = 'Check that the file is whole, or copy it again.' }: { cause?: unknown; remedy?: string } = {},
): TenkyoError =>
  new TenkyoError('file_corrupt', "the parquet file can't be read", {
    cause,
    where: `${path}, from row ${row + 1}`,
    found,
    remedy,
  });

/**
 * Reads the rows of a parquet file, a row group at a time, or less of one where the file has page indexes. Columns that
 * hold tokens are left out. Rows are decoded in a thread of their own: decoding takes seconds at a stretch, and a
 * damaged file can make it take forever or more memory than there is.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt` with the rows that can't be read; the signal's reason
 */
export async function* readParquet(
  path: string,
  { maximumBytes = longestRecord, from = 0, deadlineMs = 120_000, signal }: ReadParquetOptions = {},
): AsyncGenerator<CorpusRecord> {
  signal?.throwIfAborted();
  const workerData: ParquetTask = { path, maximumBytes, from };
  const thread = new Worker(threadFile, {
    name: 'parquet',
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  let row = from;
  const next = async (): Promise<ParquetReply> => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
    thread.postMessage('next');
    try {
      const [reply] = (await once(thread, 'message', { signal: stop })) as [ParquetReply];
      return reply;
    } catch (error) {
      signal?.throwIfAborted();
      if (deadline.aborted) throw damaged(path, row, `decoding was not done after ${deadlineMs / 1_000} s`);
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ERR_WORKER_OUT_OF_MEMORY') throw damaged(path, row, message, { cause: error });
      const remedy = 'If the file is whole, write it again with row groups of fewer rows, or with page indexes.';
      throw damaged(path, row, 'its row group takes more memory than a thread has', { cause: error, remedy });
    }
  };
  try {
    for (;;) {
      const reply = await next();
      if ('fault' in reply) {
        const { code, message, ...facts } = reply.fault;
        throw new TenkyoError(code, message, facts);
      }
      if (reply.rows.length === 0) return;
      yield* reply.rows;
      row = reply.rows.at(-1)!.number + 1;
    }
  } finally {
    await thread.terminate();
  }
}
