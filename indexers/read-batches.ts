import type { Document } from '../src/corpus/document.ts';
import type { Reject } from '../src/corpus/read.ts';
import type { CountedFile } from './corpus-files.ts';

/** A file that a build reads, from a line on (from 0): what stands before it is in the index already. */
export interface Work {
  readonly file: CountedFile;
  readonly from: number;
}

/** Number of the work, and the line of its file that comes next. */
export interface Position {
  readonly file: number;
  readonly line: number;
}

export interface Batch {
  readonly documents: readonly Document[];
  readonly rejects: readonly Reject[];
  /** Where the next batch begins. */
  readonly next: Position;
}

/** Characters and lines of one batch: to write it takes a few milliseconds. */
const batchCharacters = 8_000;
const batchLines = 32;

/** The lines of all files in order, in batches, from a position on. */
export async function* readBatches(
  work: readonly Work[],
  from: Position,
  { signal }: { signal?: AbortSignal },
): AsyncGenerator<Batch> {
  for (let file = from.file; file < work.length; file++) {
    let line = file === from.file ? from.line : work[file]!.from;
    let documents: Document[] = [];
    let rejects: Reject[] = [];
    let characters = 0;
    for await (const read of work[file]!.file.read({ from: line, signal })) {
      line = read.record + 1;
      if (read.kind === 'document') documents.push(read.document);
      else rejects.push(read.reject);
      characters += read.kind === 'document' ? read.document.text.length : 0;
      if (documents.length + rejects.length < batchLines && characters < batchCharacters) continue;
      yield { documents, rejects, next: { file, line } };
      documents = [];
      rejects = [];
      characters = 0;
    }
    yield { documents, rejects, next: { file: file + 1, line: work[file + 1]?.from ?? 0 } };
  }
}
