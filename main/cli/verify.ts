import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { type VerifyProgress, type VerifyReport, verifyRun } from '../../src/provenance/verify.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { configuredRun } from './configured-runs.ts';
import { grouped, parseIndex } from './numbers.ts';
import { loadTokenDecoder } from './token-decoder.ts';
import { withRun } from './with-run.ts';

interface VerifyCommandOptions extends CommonOptions {
  readonly samples: number | 'all';
  readonly seed: number;
  readonly oracle?: string;
}

const parseSamples = (text: string): number | 'all' => {
  if (text === 'all') return 'all';
  const samples = parseIndex(text);
  if (samples === 0) throw new InvalidArgumentError('Expected a whole number from 1, or all.');
  return samples;
};

/** A line to standard error at most once in two seconds, so that a long walk shows that it moves. */
const progressLines = ({ note }: Cli): VerifyProgress => {
  let last = Date.now();
  return (what, done, total) => {
    if (Date.now() - last < 2000) return;
    last = Date.now();
    note(`${what}: ${grouped(done)} of ${grouped(total)}`);
  };
};

const printReport = ({ print, table }: Cli, report: VerifyReport): void => {
  const { run, samples, documents, texts, oracle, mismatches, shown } = report;
  print(
    `Run ${run}: ${grouped(samples.checked)} of ${grouped(samples.total)} samples walked, ` +
      `${grouped(documents.checked)} of ${grouped(documents.total)} documents looked up`,
  );
  if (texts) print(`Texts decoded from tokens: ${grouped(texts.equal)}/${grouped(texts.compared)} exact`);
  if (oracle) print(`Oracle ${oracle.file}: ${grouped(oracle.equal)}/${grouped(oracle.compared)} ${oracle.unit} equal`);
  print(mismatches === 0 ? 'No mismatches.' : `${grouped(mismatches)} mismatch${mismatches === 1 ? '' : 'es'}:`);
  if (shown.length === 0) return;
  table([
    ['Where', 'What', 'Expected', 'Found'],
    ...shown.map(({ where, what, expected, found }) => [where, what, expected, found]),
  ]);
  if (shown.length < mismatches) print(`… and ${grouped(mismatches - shown.length)} more`);
};

/** `tenkyo verify RUN`: proves that the iterations are right. Exit code 1 when they are not. */
export const registerVerify: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('verify')
      .description('Walk a run forward and compare with the lookup, and with a file made elsewhere')
      .argument('<run>', 'name of a configured run')
      .option('--samples <n|all>', 'samples to walk, chosen at random', parseSamples, 1000)
      .option('--seed <n>', 'of the choice', parseIndex, 1)
      .option('--oracle <file>', 'document_iterations.json(.gz) or oracle.jsonl(.gz)'),
  ).action(async (name: string, options: VerifyCommandOptions) => {
    const config = await cli.config(options);
    const report = await withRun(cli, config, configuredRun(config, name), async (opened) =>
      verifyRun({
        opened,
        samples: options.samples,
        seed: options.seed,
        oracle: options.oracle === undefined ? null : resolve(cli.cwd, options.oracle),
        decoder: opened.run.tokenizer === null ? null : await loadTokenDecoder(opened.run.tokenizer),
        progress: progressLines(cli),
      }),
    );
    if (options.json) cli.json(report);
    else printReport(cli, report);
    if (report.mismatches > 0) process.exitCode = 1;
  });
};
