import { systemClock } from '../../src/clock.ts';
import { rankEntrants, type Standing } from '../../src/comparison/bradley-terry.ts';
import { seededRandom } from '../../src/search/seeded-random.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { createClosing } from '../compose/closing.ts';
import { openDataDirectory } from '../compose/data-directory.ts';
import { openCommandRecords } from '../compose/open-command-records.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { evalCommand } from './eval-command.ts';
import { grouped } from './numbers.ts';

const samples = 1_000;
const seed = 42;

/** The table, the header first. */
const standingRows = (table: readonly Standing[]): string[][] => [
  ['Group', 'Model', 'Rating', '95 %', 'Won', 'Lost', 'Tied', 'Both bad'],
  ...table.map(({ group, name, rating, low, high, wins, losses, ties, bothBad }) => [
    String(group),
    name,
    grouped(Math.round(rating)),
    `${grouped(Math.round(low))}–${grouped(Math.round(high))}`,
    ...[wins, losses, ties, bothBad].map(grouped),
  ]),
];

const evalCompare = async (cli: Cli, options: CommonOptions): Promise<void> => {
  const config = await cli.config(options);
  const paths = openDataDirectory(config.dataDirectory);
  const logger = createLogger({ directory: paths.log, level: 'info' });
  const closing = createClosing(logger);
  try {
    const records = await openCommandRecords({ config, paths, clock: systemClock, logger, closing });
    const votes = records === null ? [] : await Array.fromAsync(records.exports.read('preferences'));
    const judged = votes.map(({ winner, comparison: { first, second } }) => ({
      first: first.name,
      second: second.name,
      winner,
    }));
    const entrants = rankEntrants(judged, { random: seededRandom(seed), samples });
    if (options.json) return cli.json({ votes: judged.length, entrants });
    if (entrants.length === 0) return cli.note('There are no votes yet. `/tenkyo compare TEXT` begins a comparison.');
    cli.print(`${grouped(judged.length)} ${judged.length === 1 ? 'vote' : 'votes'}, blind`);
    cli.table(standingRows(entrants));
    if (entrants.some(({ group }) => group > 1)) {
      cli.note(
        'Groups were never compared with each other, not even through others: their ratings say nothing of each other.',
      );
    }
  } finally {
    await closing.closeAll();
  }
};

/** `tenkyo eval compare`. */
export const registerEvalCompare: RegisterCommand = (program, cli) => {
  withCommonOptions(
    evalCommand(program)
      .command('compare')
      .description('Who does best in blind comparisons: Bradley–Terry ratings with bootstrap intervals (95 %)'),
  ).action((options: CommonOptions) => evalCompare(cli, options));
};
