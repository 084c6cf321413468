import { basename } from 'node:path';
import type { Document, DocumentRef } from '../corpus/document.ts';
import { defaultFields, documentOf } from '../corpus/fields.ts';
import { readJsonLines } from '../corpus/json-lines.ts';
import { placeIn } from '../corpus/read.ts';
import { type Reject, readJsonl } from '../corpus/read-jsonl.ts';
import { TenkyoError } from '../errors.ts';
import type { Dataset, Run } from './run.ts';

/** A document as far as a run knows it: by its source there, and its sequence. */
export type RunDocument = Pick<Document, 'id' | 'source' | 'sequence' | 'title'>;

/** The documents of a dataset's corpus file, under the source's name in the run. */
async function* documentsOf({ source, corpus }: Dataset, rejects: Reject[]): AsyncGenerator<Document> {
  if (corpus === null) return;
  for await (const read of readJsonl(corpus)) {
    if (read.kind === 'reject') rejects.push(read.reject);
    else yield { ...read.document, source };
  }
}

/** Records of data without token files: what they say is not looked at, so that any layout will do. */
async function* recordsOf({ source, corpus }: Run['texts'][number], rejects: Reject[]): AsyncGenerator<RunDocument> {
  const file = { path: corpus, source, label: basename(corpus), firstSequence: 0 };
  for await (const { content, number } of readJsonLines(corpus, {})) {
    const found =
      'fault' in content
        ? content.fault
        : documentOf(content.value, placeIn(file, number), defaultFields, () => ({ text: '', used: [] }));
    if (typeof found === 'string') rejects.push({ file: corpus, line: number + 1, reason: found });
    else yield found;
  }
}

/**
 * Finds documents by their own id in the corpus files that the run declares, reading them line by line.
 *
 * @returns one a source that holds the id
 * @throws TenkyoError `not_found`; `file_corrupt` when lines that could not be read may have held it; `file_missing`
 */
export const findDocuments = async (run: Run, id: string): Promise<readonly RunDocument[]> => {
  const found: RunDocument[] = [];
  const rejects: Reject[] = [];
  const files = [
    ...run.datasets.map((dataset) => documentsOf(dataset, rejects)),
    ...run.texts.map((text) => recordsOf(text, rejects)),
  ];
  for (const documents of files) {
    for await (const document of documents) {
      if (document.id !== id) continue;
      found.push(document);
      break;
    }
  }
  if (found.length > 0) return found;
  const [reject] = rejects;
  if (reject) {
    throw new TenkyoError(
      'file_corrupt',
      `No document has the id ${id}, but ${rejects.length} lines could not be read`,
      {
        where: `${reject.file}, line ${reject.line}`,
        expected: 'a JSON object with "text"',
        found: reject.reason,
        remedy: 'Mend the line, or look for another document.',
      },
    );
  }
  const declared = [...run.datasets, ...run.texts].flatMap(({ corpus }) => corpus ?? []);
  throw new TenkyoError('not_found', `No document of run ${run.name} has the id ${id}`, {
    where: declared.length > 0 ? declared.join(', ') : run.file,
    remedy:
      declared.length > 0
        ? 'Give the id as the corpus file has it.'
        : 'Declare the corpus of each source in the run file, so that ids can be looked up.',
  });
};

const keyOf = ({ source, sequence }: DocumentRef): string => `${source}:${sequence}`;

/**
 * The documents themselves, read from the corpus files that the run declares.
 *
 * @returns a lookup that gives null for a document whose source declares no corpus file or whose line can't be read
 * @throws TenkyoError `file_missing`
 */
export const readDocuments = async (
  run: Run,
  wanted: readonly DocumentRef[],
): Promise<(document: DocumentRef) => Document | null> => {
  const keys = new Set(wanted.map(keyOf));
  const found = new Map<string, Document>();
  for (const dataset of run.datasets) {
    const last = wanted.reduce(
      (greatest, { source, sequence }) => (source === dataset.source ? Math.max(greatest, sequence) : greatest),
      -1,
    );
    if (last < 0) continue;
    for await (const document of documentsOf(dataset, [])) {
      if (keys.has(keyOf(document))) found.set(keyOf(document), document);
      if (document.sequence >= last) break;
    }
  }
  return (document) => found.get(keyOf(document)) ?? null;
};
