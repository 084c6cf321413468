import type { Config, RunConfig } from '../../src/config/config.ts';
import type { OpenedRun } from '../../src/provenance/open-run.ts';
import { openConfiguredRun } from '../compose/open-runs.ts';
import type { Cli } from './cli.ts';

/** Opens a configured run for as long as `work` lasts. */
export const withRun = async <T>(
  { note }: Pick<Cli, 'note'>,
  config: Config,
  run: RunConfig,
  work: (opened: OpenedRun) => Promise<T>,
): Promise<T> => {
  const opened = await openConfiguredRun(run, config, note);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
};
