import type { Config, RunConfig } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';

const names = (runs: readonly RunConfig[]): string => runs.map(({ name }) => name).join(', ');

/**
 * The runs of the configuration: the named one, or all.
 *
 * @throws TenkyoError `usage` when there is none, or none of that name
 */
export const configuredRuns = ({ runs, file }: Config, name?: string): readonly RunConfig[] => {
  if (runs.length === 0) {
    throw new TenkyoError('usage', 'No training run is configured', {
      where: file,
      remedy: 'Declare one under `runs`: its name and its run file.',
    });
  }
  if (name === undefined) return runs;
  const found = runs.filter((run) => run.name === name);
  if (found.length > 0) return found;
  throw new TenkyoError('usage', `There is no run ${name}`, {
    where: file,
    expected: `one of ${names(runs)}`,
    found: name,
    remedy: 'Give the name of a configured run.',
  });
};

/** The one run that is meant. Throws `usage` when there are several and none is named. */
export const configuredRun = (config: Config, name?: string): RunConfig => {
  const runs = configuredRuns(config, name);
  if (runs.length === 1) return runs[0]!;
  throw new TenkyoError('usage', 'Which run is not said', {
    expected: `--run with one of ${names(runs)}`,
    remedy: 'Add --run and its name.',
  });
};
