import { describeRun, type RunDescription } from '../../src/provenance/describe-run.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { configuredRuns } from './configured-runs.ts';
import { grouped } from './numbers.ts';
import { withRun } from './with-run.ts';

const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);

const reconstructedText: Readonly<Record<RunDescription['phases'][number]['reconstructed'], string>> = {
  nothing: '',
  blend: ', blend reconstructed',
  all: ', reconstructed',
};

const printRun = ({ print, table }: Cli, run: RunDescription): void => {
  print(
    `Run ${run.name}: ${grouped(run.iterations)} iterations (0–${grouped(run.iterations - 1)}), ` +
      `${grouped(run.samples)} samples, ${grouped(run.inputTokens)} tokens`,
  );
  for (const { name, firstIteration, lastIteration, ...phase } of run.phases) {
    print('');
    print(
      `Phase ${name}: iterations ${grouped(firstIteration)}–${grouped(lastIteration)}, ` +
        `batch ${phase.globalBatchSizes.map(grouped).join(' → ')}, ${grouped(phase.sequenceLength)} tokens a sample` +
        (phase.skippedIterations > 0 ? `, ${grouped(phase.skippedIterations)} iterations skipped` : '') +
        reconstructedText[phase.reconstructed],
    );
    table([
      ['Source', 'Weight', 'Samples', 'Epochs'],
      ...phase.blend.map(({ source, weight, samplesDrawn, epochs }) => [
        source,
        weight === null ? 'by size' : String(weight),
        grouped(samplesDrawn),
        epochs.toFixed(2),
      ]),
    ]);
  }
  for (const { name, sources } of run.unorderedPhases) {
    print('');
    print(`Phase ${name}: order not recorded, iterations unknown; ${sources.join(', ')}`);
  }
  print('');
  table([
    ['Source', 'Documents', 'Tokens', 'Epochs', 'Never read'],
    ...run.sources.map(({ source, documents, tokens, epochs, neverRead }) => [
      source,
      grouped(documents),
      grouped(tokens),
      epochs.toFixed(2),
      `${grouped(neverRead)} (${share(neverRead, documents)})`,
    ]),
  ]);
};

/** `tenkyo runs [RUN]`: what each run is made of, counted from its own index files. */
export const registerRuns: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('runs')
      .description('What a training run is made of: phases, blends, epochs, documents never read')
      .argument('[run]', 'name of a configured run (default: all)'),
  ).action(async (name: string | undefined, options: CommonOptions) => {
    const config = await cli.config(options);
    const runs = configuredRuns(config, name);
    for (const [index, run] of runs.entries()) {
      const description = await withRun(cli, config, run, async (opened) => describeRun(opened));
      if (options.json) {
        cli.json(description);
        continue;
      }
      if (index > 0) cli.print('');
      printRun(cli, description);
    }
  });
};
