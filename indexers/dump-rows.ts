import type { Document, DumpFacts } from '../src/corpus/document.ts';
import type { Reject } from '../src/corpus/read.ts';
import { type CorpusDeclaration, type ListedFile, listFiles } from './list-files.ts';
import { openReader } from './readers/open-reader.ts';

/** A row of a run's dump: an instance as a document, and when it was read. */
export interface DumpRow {
  readonly document: Document;
  readonly facts: DumpFacts;
  /** Its line in its file, from 1. */
  readonly line: number;
  readonly file: string;
}

export interface FindRowsOptions {
  readonly corpus: CorpusDeclaration;
  /** A document's id, or an iteration of the run. */
  readonly wanted: { readonly id: string } | { readonly iteration: number };
  /** Called before each file. */
  readonly progress?: (file: string, done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Files of a dump that may hold an id, `source/file#line`, and the line from 0. */
const filesOf = (files: readonly ListedFile[], wanted: FindRowsOptions['wanted']) => {
  if (!('id' in wanted)) return files.map((file) => ({ file, from: 0 }));
  const [, name, line] = /^(.+)#([1-9]\d{0,14})$/s.exec(wanted.id) ?? [];
  if (name === undefined) return [];
  return files.filter(({ label }) => name.endsWith(`/${label}`)).map((file) => ({ file, from: Number(line) - 1 }));
};

/**
 * Looks rows of a corpus's dumps up in their files, reading them from front to back: by id the one file that the id
 * names, by iteration all of them, since a dump's files come in any order.
 *
 * @returns the rows in the files' order, and what could not be read on the way
 * @throws TenkyoError `file_missing`, `file_corrupt`, `config_invalid`; the signal's reason
 */
export const findDumpRows = async ({
  corpus,
  wanted,
  progress,
  signal,
}: FindRowsOptions): Promise<{ rows: DumpRow[]; rejects: Reject[] }> => {
  const dumps = (await listFiles(corpus)).filter(({ part }) => part.format === 'dump');
  const rows: DumpRow[] = [];
  const rejects: Reject[] = [];
  const files = filesOf(dumps, wanted);
  for (const [done, { file, from }] of files.entries()) {
    progress?.(file.path, done, files.length);
    const reader = await openReader(file.part);
    for await (const read of reader.read({ ...file, firstSequence: 0 }, { from, signal })) {
      const facts = read.kind === 'document' ? (read.document.meta.dump as DumpFacts) : null;
      if (read.kind === 'reject') rejects.push(read.reject);
      else if (facts && ('id' in wanted ? read.document.id === wanted.id : facts.iteration === wanted.iteration)) {
        rows.push({ document: read.document, facts, line: read.record + 1, file: file.path });
      }
      if ('id' in wanted) break;
    }
  }
  return { rows, rejects };
};
