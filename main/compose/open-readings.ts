import type { RunConfig } from '../../src/config/config.ts';
import { loadRunFile } from '../../src/config/run-file.ts';
import { openRun } from '../../src/provenance/open-run.ts';
import { readingOf } from '../../src/provenance/reading.ts';
import { iterationsOf } from '../../src/provenance/run.ts';
import type { ReadingLookup } from '../../src/search/ports.ts';

/** What a search says of documents when the corpus has no run: nothing. */
export const noReadings: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };

/** The readings of a run, from its own index files. */
export const openReadings = async ({ file, name }: RunConfig): Promise<ReadingLookup> => {
  const run = await loadRunFile(file, name);
  const occurrences = await openRun(run);
  return {
    run: { name: run.name, iterations: iterationsOf(run) },
    readingOf: async (source, sequence, checkpoint) => {
      const [summary] = await occurrences.summaries([{ source, sequence }]);
      return summary ? readingOf(summary, checkpoint) : { state: 'unknown' };
    },
  };
};
