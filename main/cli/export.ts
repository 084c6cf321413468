import { Argument, Option } from 'commander';
import { systemClock } from '../../src/clock.ts';
import { exportLines, formatOf } from '../../src/export/export-lines.ts';
import type { ExportFormat, LeftOut } from '../../src/export/formats.ts';
import { createPseudonyms, plainIds } from '../../src/export/pseudonyms.ts';
import { type ExportKind, exportKinds } from '../../src/store/export-records.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { createClosing } from '../compose/closing.ts';
import { openDataDirectory } from '../compose/data-directory.ts';
import { readExportKey } from '../compose/export-key.ts';
import { openCommandRecords } from '../compose/open-command-records.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { grouped } from './numbers.ts';

interface ExportCommandOptions extends Omit<CommonOptions, 'json'> {
  readonly format: ExportFormat;
  readonly identities?: boolean;
}

const reasons: Readonly<Record<LeftOut, string>> = {
  not_told: 'somebody whose words they hold has not been shown the notice of recording',
  no_better_answer: 'no better answer was given',
  same_text: 'both texts are the same',
  no_preference: 'neither answer was preferred',
  continuation: 'they compare continuations, which are no conversation (--format jsonl has them)',
};

const exportRecords = async (cli: Cli, kind: ExportKind, options: ExportCommandOptions): Promise<void> => {
  const { format, identities = false } = options;
  formatOf(kind, format);
  const config = await cli.config(options);
  const paths = openDataDirectory(config.dataDirectory);
  const logger = createLogger({ directory: paths.log, level: cli.env.TENKYO_DEBUG ? 'debug' : 'info' });
  const closing = createClosing(logger);
  try {
    const records = await openCommandRecords({ config, paths, clock: systemClock, logger, closing });
    if (records === null) return cli.note(`There are no records yet in ${paths.root}.`);
    const names = identities ? plainIds : createPseudonyms(config.exportKey ?? readExportKey(paths.exportKey));
    const leftOut = new Map<LeftOut, number>();
    const onLeftOut = (why: LeftOut) => void leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
    const lines = await cli.lines(exportLines({ source: records.exports, kind, format, names, onLeftOut }));
    cli.note(`${grouped(lines)} ${lines === 1 ? 'line' : 'lines'}${identities ? ', with real ids' : ''}`);
    for (const [why, count] of leftOut) cli.note(`left out: ${grouped(count)}, since ${reasons[why]}`);
  } finally {
    await closing.closeAll();
  }
};

export const registerExport: RegisterCommand = (program, cli) => {
  program
    .command('export')
    .description('What people asked and thought, as JSONL for the next training')
    .addArgument(new Argument('<records>', 'what to export').choices(exportKinds))
    .addOption(
      new Option('--format <format>', 'jsonl: everything; sft: prompt and better answer; dpo: chosen and rejected')
        .choices(['jsonl', 'sft', 'dpo'])
        .default('jsonl'),
    )
    .option('--identities', 'with the real ids of people, channels and answers instead of pseudonyms')
    .option('--config <file>', 'configuration to use (default: tenkyo.yaml here, else the demonstration)')
    .option('--data <directory>', 'folder of everything that is written (default: TENKYO_DATA, else .tenkyo)')
    .action((kind: ExportKind, options: ExportCommandOptions) => exportRecords(cli, kind, options));
};
