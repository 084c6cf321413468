import type { DocumentReadings, ReadingHistory } from '../../bots/search/ports.ts';
import type { Config } from '../../src/config/config.ts';
import { loadRunFile } from '../../src/config/run-file.ts';
import { parsePassageId } from '../../src/corpus/document.ts';
import type { OccurrenceStore } from '../../src/provenance/occurrence.ts';
import { openRun } from '../../src/provenance/open-run.ts';
import { readingOf } from '../../src/provenance/reading.ts';
import { iterationsOf, type Run } from '../../src/provenance/run.ts';
import type { ReadingLookup } from '../../src/search/ports.ts';

/** The configured runs, turned around: what each read, and when. */
export interface OpenRuns extends ReadingHistory {
  /** What a search says of documents; of no run (or an unconfigured one): nothing. */
  lookup(run: string | undefined): ReadingLookup;
}

interface OpenRun {
  readonly run: Run;
  readonly occurrences: OccurrenceStore;
}

const unknown: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };

const lookupOf = ({ run, occurrences }: OpenRun): ReadingLookup => ({
  run: { name: run.name, iterations: iterationsOf(run) },
  readingOf: async (source, sequence, checkpoint) => {
    const [summary] = await occurrences.summaries([{ source, sequence }]);
    return summary ? readingOf(summary, checkpoint) : { state: 'unknown' };
  },
});

const historyOf = async ({ run, occurrences }: OpenRun, passageId: string): Promise<DocumentReadings | null> => {
  const document = parsePassageId(passageId);
  const [summary] = document ? await occurrences.summaries([document]) : [];
  if (!summary || summary.state === 'unknown') return null;
  const read = summary.state === 'read' ? summary : { timesRead: 0, iterations: [] };
  return {
    run: run.name,
    lastIndex: summary.lastIndex,
    timesRead: read.timesRead,
    iterations: read.iterations,
    phases: run.phases.map(({ name, iterationOffset, iterations }) => ({
      name,
      from: iterationOffset,
      to: iterationOffset + iterations - 1,
    })),
  };
};

/** @throws TenkyoError `file_missing`, `file_corrupt`, `config_invalid`: a run that can't be read stops the start */
export const openRuns = async ({ runs: declared }: Pick<Config, 'runs'>): Promise<OpenRuns> => {
  const runs = new Map<string, OpenRun>();
  for (const { file, name } of declared) {
    const run = await loadRunFile(file, name);
    runs.set(name, { run, occurrences: await openRun(run) });
  }
  return {
    lookup: (name) => {
      const found = name === undefined ? undefined : runs.get(name);
      return found ? lookupOf(found) : unknown;
    },
    history: async ({ run, passageId }) => {
      const found = runs.get(run);
      return found ? historyOf(found, passageId) : null;
    },
  };
};
