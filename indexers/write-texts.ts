import type { Clock } from '../src/clock.ts';
import { type Read, type Reject, readJsonl } from '../src/corpus/read-jsonl.ts';
import { TenkyoError } from '../src/errors.ts';
import { createBreath } from '../src/search/breathe.ts';
import type { TextWriter } from '../src/search/index-target.ts';
import type { CountedFile } from './corpus-files.ts';
import type { Progress } from './progress.ts';

export interface Rejects {
  readonly count: number;
  readonly first: Reject[];
}

/** Where the last batch ended. */
interface Checkpoint {
  readonly file: number;
  readonly line: number;
  readonly rejects: Rejects;
}

const rejectsNamed = 100;
/** Characters and documents of one batch: a few milliseconds. */
const batchCharacters = 4_000;
const batchDocuments = 16;
const begin: Checkpoint = { file: 0, line: 0, rejects: { count: 0, first: [] } };

const add = ({ count, first }: Rejects, reject: Reject): Rejects => ({
  count: count + 1,
  first: first.length < rejectsNamed ? [...first, reject] : first,
});

const tooMany = ({ count, first }: Rejects, maximum: number): TenkyoError =>
  new TenkyoError('file_corrupt', 'too many lines of the corpus are no documents', {
    where: `${first[0]!.file}:${first[0]!.line}`,
    expected: `at most ${maximum}`,
    found: `${count}; the first: ${first[0]!.reason}`,
    remedy: 'Correct the files, or allow more with --max-rejects.',
  });

/** Documents, passages and keyword tokens of all files, in batches, from where the build was. */
export const writeTexts = async ({
  writer,
  files,
  maximumRejects,
  clock,
  progress,
  signal,
}: {
  writer: TextWriter;
  files: readonly CountedFile[];
  maximumRejects: number;
  clock: Pick<Clock, 'now'>;
  progress: Progress;
  signal?: AbortSignal;
}): Promise<Rejects> => {
  const breath = createBreath({ clock, signal });
  const noted = await writer.noted();
  let checkpoint = noted === null ? begin : (JSON.parse(noted) as Checkpoint);
  const linesBefore = (file: number): number => files.slice(0, file).reduce((sum, { lines }) => sum + lines, 0);
  const total = linesBefore(files.length);
  progress.begin('texts', { done: linesBefore(checkpoint.file) + checkpoint.line, total });

  const write = async (batch: readonly Read[], at: Pick<Checkpoint, 'file' | 'line'>): Promise<void> => {
    const documents = batch.flatMap((item) => (item.kind === 'document' ? [item.document] : []));
    const rejected = batch.flatMap((item) => (item.kind === 'document' ? [] : [item.reject]));
    checkpoint = { ...at, rejects: rejected.reduce(add, checkpoint.rejects) };
    await writer.write(documents, JSON.stringify(checkpoint));
  };

  for (let file = checkpoint.file; file < files.length; file++) {
    let line = file === checkpoint.file ? checkpoint.line : 0;
    let batch: Read[] = [];
    let characters = 0;
    const flush = async (at: Pick<Checkpoint, 'file' | 'line'>): Promise<void> => {
      await write(batch, at);
      batch = [];
      characters = 0;
      if (checkpoint.rejects.count > maximumRejects) throw tooMany(checkpoint.rejects, maximumRejects);
      progress.advance(linesBefore(at.file) + at.line);
      if (breath.due()) await breath.take();
    };
    for await (const item of readJsonl(files[file]!.path, { from: line, signal })) {
      batch.push(item);
      line++;
      characters += item.kind === 'document' ? item.document.text.length : 0;
      if (batch.length >= batchDocuments || characters >= batchCharacters) await flush({ file, line });
    }
    await flush({ file: file + 1, line: 0 });
  }
  await writer.finish();
  return checkpoint.rejects;
};
