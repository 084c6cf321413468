import { systemClock } from '../../src/clock.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { openDataDirectory } from '../compose/data-directory.ts';
import { removeProcessFile, writeProcessFile } from '../compose/process-file.ts';
import { openServing } from '../compose/serving.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { indexingNotes } from './indexing-notes.ts';
import { parsePort } from './numbers.ts';
import { stopProcess, stopSignal } from './stopping.ts';

interface UpOptions extends CommonOptions {
  readonly port: number;
}

/** A person who pressed Ctrl-C twice, or a supervisor, does not wait longer than this. */
const stopWithinMs = 10_000;

const up = async (cli: Cli, options: UpOptions): Promise<void> => {
  const config = await cli.config(options);
  const paths = openDataDirectory(config.dataDirectory);
  cli.note(`Tenkyo is starting; its data is in ${paths.root} …`);
  const logger = createLogger({ directory: paths.log, level: cli.env.TENKYO_DEBUG ? 'debug' : 'info' });
  const stop = stopSignal();
  const notes = indexingNotes(cli);
  // The models load in a thread of their own while the rest, most of the code too, is loaded here.
  const serving = await openServing(config, logger);
  const { startTenkyo } = await import('../compose/start-tenkyo.ts');
  const tenkyo = await startTenkyo({
    config,
    paths,
    serving,
    port: options.port,
    clock: systemClock,
    logger,
    onStep: (step) => logger.info({ step }, 'starting'),
    onIndexing: notes,
    onWarning: cli.note,
  });
  const { local } = tenkyo.workspace;
  writeProcessFile(paths.process, {
    pid: process.pid,
    url: local?.url ?? null,
    token: local?.token ?? null,
    control: tenkyo.control,
    startedAt: new Date().toISOString(),
  });
  logger.info({ pid: process.pid, url: local?.url }, 'ready');
  cli.print(
    local ? `Tenkyo is ready: ${local.url}   (Ctrl-C stops it)` : 'Tenkyo is ready in Slack.   (Ctrl-C stops it)',
  );

  const close = async (): Promise<void> => {
    await tenkyo.close();
    removeProcessFile(paths.process);
  };
  await stopProcess(await stop, { cli, logger, withinMs: stopWithinMs, close });
};

export const registerUp: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('up')
      .description('Everything in one process: the local workspace, the bots, the models, the search')
      .option('--port <number>', 'port of the local workspace; 0: any free one', parsePort, 3000),
  ).action((options: UpOptions) => up(cli, options));
};
