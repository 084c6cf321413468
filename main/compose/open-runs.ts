import { join } from 'node:path';
import type { DocumentReadings, ReadingHistory } from '../../bots/search/ports.ts';
import type { Config } from '../../src/config/config.ts';
import { loadRunFile } from '../../src/config/run-file.ts';
import { parsePassageId } from '../../src/corpus/document.ts';
import { type OpenedRun, openRun } from '../../src/provenance/open-run.ts';
import { readingOf } from '../../src/provenance/reading.ts';
import { iterationsOf } from '../../src/provenance/run.ts';
import type { ReadingLookup } from '../../src/search/ports.ts';
import { openDataDirectory } from './data-directory.ts';

/** The configured runs, turned around: what each read, and when. */
export interface OpenRuns extends ReadingHistory {
  /** What a search says of documents; of no run (or an unconfigured one): nothing. */
  lookup(run: string | undefined): ReadingLookup;
  close(): Promise<void>;
}

/** Takes a line on how far the making of a table is. */
type Note = (line: string) => void;

/** A run's own folder; its name is a person's, and may hold what a path must not. */
const runDirectory = (dataDirectory: string, name: string): string =>
  join(
    openDataDirectory(dataDirectory).root,
    'runs',
    encodeURIComponent(name).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length)),
  );

/**
 * Opens a configured run with the table of occurrences in the data directory, which is made when it is missing or old;
 * the caller closes it.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt`, `config_invalid`
 */
export const openConfiguredRun = async (
  { file, name }: Config['runs'][number],
  { dataDirectory }: Pick<Config, 'dataDirectory'>,
  note: Note,
): Promise<OpenedRun> => {
  const began = Date.now();
  return openRun({
    run: await loadRunFile(file, name),
    directory: runDirectory(dataDirectory, name),
    progress: (source, done, total) => {
      // A small run's table is there before anybody could read this.
      if (Date.now() - began > 1000) note(`run ${name}: table of occurrences, ${source} (${done} of ${total} sources)`);
    },
  });
};

const unknown: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };

const lookupOf = ({ run, occurrences }: OpenedRun): ReadingLookup => ({
  run: { name: run.name, iterations: iterationsOf(run) },
  readingOf: async (source, sequence, checkpoint) => {
    const [summary] = await occurrences.summaries([{ source, sequence }]);
    return summary ? readingOf(summary, checkpoint) : { state: 'unknown' };
  },
  phases: run.phases.map(({ name, iterationOffset, iterations }) => ({
    name,
    from: iterationOffset,
    to: iterationOffset + iterations,
  })),
  readBetween: async (source, sequence, from, to) => {
    const [summary] = await occurrences.summaries([{ source, sequence }]);
    if (summary?.state !== 'read') return summary?.state === 'not_read' ? false : null;
    return summary.iterations.some((iteration) => iteration >= from && iteration < to);
  },
});

const historyOf = async ({ run, occurrences }: OpenedRun, passageId: string): Promise<DocumentReadings | null> => {
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
export const openRuns = async (config: Pick<Config, 'runs' | 'dataDirectory'>, note: Note): Promise<OpenRuns> => {
  const runs = new Map<string, OpenedRun>();
  const close = async (): Promise<void> => {
    for (const run of runs.values()) await run.close();
  };
  try {
    for (const declared of config.runs) runs.set(declared.name, await openConfiguredRun(declared, config, note));
  } catch (error) {
    await close();
    throw error;
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
    close,
  };
};
