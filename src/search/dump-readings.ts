import type { Document } from '../corpus/document.ts';
import type { CorpusPart } from '../corpus/part.ts';
import { readingOf } from '../provenance/reading.ts';
import type { DocumentStore, ReadingLookup } from './ports.ts';

const iterationOf = (document: Document | null): number | null => {
  const dump = document?.meta.dump as { readonly iteration?: unknown } | null | undefined;
  return typeof dump?.iteration === 'number' ? dump.iteration : null;
};

/** The run that a corpus's dumps are of: the first that the corpus names, else one by its own name. null: it has none. */
export const dumpRunOf = ({
  name,
  runs,
  documents,
}: {
  name: string;
  runs: readonly string[];
  documents: readonly CorpusPart[];
}): { readonly name: string; readonly iterations: number } | null => {
  const iterations = documents.flatMap((part) => (part.format === 'dump' ? part.iterations : []));
  return iterations.length === 0 ? null : { name: runs[0] ?? name, iterations: Math.max(...iterations) };
};

/**
 * When documents were read, of a corpus with a run's dump: the document itself says it. Of documents that don't, what
 * `others` knows.
 */
export const createDumpReadings = ({
  documents,
  run,
  others,
}: {
  documents: Pick<DocumentStore, 'document'>;
  run: { readonly name: string; readonly iterations: number };
  others: ReadingLookup;
}): ReadingLookup => ({
  ...others,
  run: others.run ?? run,
  readingOf: async (source, sequence, checkpoint) => {
    const iteration = iterationOf(await documents.document({ source, sequence }));
    if (iteration === null) return others.readingOf(source, sequence, checkpoint);
    const once = { iterations: [iteration], first: iteration, last: iteration, timesRead: 1 };
    return readingOf({ state: 'read', run: run.name, lastIndex: run.iterations - 1, ...once }, checkpoint);
  },
});
