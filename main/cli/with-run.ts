import type { Config, RunConfig } from '../../src/config/config.ts';
import type { OpenedRun } from '../../src/provenance/open-run.ts';
import { openConfiguredRun } from '../compose/open-runs.ts';
import type { Cli } from './cli.ts';
import { grouped } from './numbers.ts';

/** Opens a configured run for as long as `work` lasts; says how far it is when its table has to be made first. */
export const withRun = async <T>(
  { note }: Pick<Cli, 'note'>,
  config: Config,
  run: RunConfig,
  work: (opened: OpenedRun) => Promise<T>,
): Promise<T> => {
  const began = Date.now();
  const opened = await openConfiguredRun(run, config, {
    progress: (source, done, total) => {
      // A small run's table is there before anybody could read this.
      if (Date.now() - began > 1000) note(`${run.name}: ${source} (${grouped(done)} of ${grouped(total)} sources)`);
    },
  });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
};
