import type { Clock } from '../src/clock.ts';
import type { Reject } from '../src/corpus/read.ts';
import { TenkyoError } from '../src/errors.ts';
import { createBreath } from '../src/search/breathe.ts';
import type { TextWriter } from '../src/search/index-target.ts';
import type { PreparedDocument } from '../src/search/prepare-document.ts';
import type { Preparer } from './preparer.ts';
import type { Progress } from './progress.ts';
import { type Batch, type Position, readBatches, type Work } from './read-batches.ts';
import type { RejectLog } from './reject-log.ts';

/** Lines that were no documents: all counted, the first of them named. */
export interface Rejects {
  readonly count: number;
  readonly first: readonly Reject[];
}

/** Where the last batch ended. */
export interface Checkpoint extends Position {
  readonly rejects: Rejects;
  /** Of the rejects' file. */
  readonly rejectBytes: number;
}

const rejectsNamed = 100;

const add = ({ count, first }: Rejects, added: readonly Reject[]): Rejects => ({
  count: count + added.length,
  first: [...first, ...added.slice(0, rejectsNamed - first.length)],
});

const tooMany = ({ count, first }: Rejects, maximum: number, file: string | undefined): TenkyoError =>
  new TenkyoError('file_corrupt', 'too many lines of the corpus are no documents', {
    where: `${first[0]!.file}:${first[0]!.line}`,
    expected: `at most ${maximum}`,
    found: `${count}; the first: ${first[0]!.reason}`,
    remedy: `Correct the files${file ? ` (${file} names every line)` : ''}, or allow more with --max-rejects.`,
  });

export interface WriteTextsOptions {
  readonly writer: TextWriter;
  readonly preparer: Preparer;
  readonly work: readonly Work[];
  /** Where rejects are written, opened for what the checkpoint says; null: they are counted only. */
  readonly openRejects: ((checkpoint: Pick<Checkpoint, 'rejectBytes'>) => Promise<RejectLog>) | null;
  readonly maximumRejects: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Documents, passages and keyword tokens of all files, in batches and in order, from where the build was. While a batch
 * is written, the next ones are read and made ready.
 */
export const writeTexts = async ({
  writer,
  preparer,
  work,
  openRejects,
  maximumRejects,
  clock,
  progress,
  signal,
}: WriteTextsOptions): Promise<Rejects> => {
  const breath = createBreath({ clock, signal });
  const noted = await writer.noted();
  let checkpoint: Checkpoint =
    noted === null
      ? { file: 0, line: work[0]?.from ?? 0, rejects: { count: 0, first: [] }, rejectBytes: 0 }
      : (JSON.parse(noted) as Checkpoint);
  const log = openRejects && (await openRejects(checkpoint));
  const starts = [0];
  for (const { file, from } of work) starts.push(starts.at(-1)! + file.lines - from);
  const linesBefore = ({ file, line }: Position): number =>
    file < work.length ? starts[file]! + line - work[file]!.from : starts.at(-1)!;
  const check = (): void => {
    if (checkpoint.rejects.count > maximumRejects) throw tooMany(checkpoint.rejects, maximumRejects, log?.file);
  };

  const write = async ({ rejects, next }: Batch, documents: readonly PreparedDocument[]): Promise<void> => {
    const rejectBytes = log ? await log.append(rejects) : 0;
    checkpoint = { ...next, rejects: add(checkpoint.rejects, rejects), rejectBytes };
    await writer.write(documents, JSON.stringify(checkpoint));
    check();
    progress.advance(linesBefore(checkpoint));
    if (breath.due()) await breath.take();
  };

  const waiting: { batch: Batch; prepared: Promise<PreparedDocument[]> }[] = [];
  const writeFirst = async (): Promise<void> => {
    const { batch, prepared } = waiting.shift()!;
    await write(batch, await prepared);
  };
  try {
    progress.begin('texts', { done: linesBefore(checkpoint), total: starts.at(-1)! });
    check();
    for await (const batch of readBatches(work, checkpoint, { signal })) {
      const prepared = preparer.prepare(batch.documents);
      // It is awaited in its turn; one that fails meanwhile is no unhandled failure.
      prepared.catch(() => undefined);
      waiting.push({ batch, prepared });
      if (waiting.length > preparer.batchesAhead) await writeFirst();
    }
    while (waiting.length > 0) await writeFirst();
    await writer.finish();
    return checkpoint.rejects;
  } finally {
    await log?.close();
  }
};
