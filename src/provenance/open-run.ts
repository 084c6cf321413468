import { join } from 'node:path';
import { TenkyoError } from '../errors.ts';
import { openRunFiles, type RunFiles } from './megatron/run-files.ts';
import type { OccurrenceStore } from './occurrence.ts';
import { createOccurrenceStore } from './occurrence-store.ts';
import type { Run } from './run.ts';
import { buildTable } from './table/build-table.ts';
import { fingerprintOf } from './table/fingerprint.ts';
import type { TableFooter } from './table/layout.ts';
import { openTable, type Table } from './table/open-table.ts';
import { createWalk, type Walk } from './walk.ts';

/** A run turned around, open for lookups both ways. */
export interface OpenedRun {
  readonly run: Run;
  readonly occurrences: OccurrenceStore;
  /** The forward walk, which uses nothing of the table but the number of places in an epoch. */
  readonly walk: Walk;
  readonly files: RunFiles;
  /** What was counted when the table was made. */
  readonly facts: Pick<TableFooter, 'sources'>;
  /** Whether the table had to be made. */
  readonly built: boolean;
  close(): Promise<void>;
}

export interface OpenRunOptions {
  readonly run: Run;
  /** The run's own folder: its table of occurrences, and caches that were made anew. Made when missing. */
  readonly directory: string;
  /** Called after each source when the table is made. */
  readonly progress?: (source: string, done: number, total: number) => void;
}

/** The table when it is whole and of these files; else null, and it is made again. */
const openCurrent = async (path: string, fingerprint: string): Promise<Table | null> => {
  let table: Table;
  try {
    table = await openTable(path);
  } catch (error) {
    if (error instanceof TenkyoError && (error.code === 'file_missing' || error.code === 'file_corrupt')) return null;
    throw error;
  }
  if (table.footer.fingerprint === fingerprint) return table;
  await table.close();
  return null;
};

/** Lines of a corpus file are documents of the run only where every line is one sequence. */
const checkLines = ({ run, tokenIndexes }: RunFiles, { sources }: Pick<TableFooter, 'sources'>): void => {
  for (const { source, corpus } of run.datasets) {
    const { oneToOne, documents } = sources.find((candidate) => candidate.source === source)!;
    if (corpus === null || oneToOne) continue;
    const { file, documentBounds } = tokenIndexes.get(source)!;
    throw new TenkyoError('config_invalid', `The lines of ${source} and its sequences do not stand one to one`, {
      where: `${file}, declared in ${run.file}`,
      expected: `one sequence a line of ${corpus}`,
      found: `${documentBounds.length - 1} lines and ${documents} sequences`,
      remedy: 'Leave out corpus for this source: which line is which sequence cannot be told.',
    });
  }
};

/**
 * Opens a run for lookups; the caller closes it. The table of occurrences is made from the run's index files when it is
 * missing, damaged, or was made from other files.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt` or `config_invalid`
 */
export const openRun = async ({ run, directory, progress }: OpenRunOptions): Promise<OpenedRun> => {
  const files = await openRunFiles({ run, directory });
  let table: Table | null = null;
  try {
    const path = join(directory, 'occurrences.table');
    const fingerprint = await fingerprintOf(files);
    const current = await openCurrent(path, fingerprint);
    if (!current) await buildTable({ files, fingerprint, path, ...(progress && { progress }) });
    const opened = current ?? (await openTable(path));
    table = opened;
    checkLines(files, opened.footer);
    const walk = createWalk(files, opened.footer);
    return {
      run,
      occurrences: createOccurrenceStore({ files, table: opened, walk }),
      walk,
      files,
      facts: opened.footer,
      built: current === null,
      close: async () => {
        await opened.close();
        await files.close();
      },
    };
  } catch (error) {
    await table?.close();
    await files.close();
    throw error;
  }
};
