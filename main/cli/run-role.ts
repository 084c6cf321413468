import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { createClosing } from '../compose/closing.ts';
import { openDataDirectory } from '../compose/data-directory.ts';
import type { RoleOptions } from '../compose/ground.ts';
import { requireServers } from '../compose/records.ts';
import type { Cli, CommonOptions } from './cli.ts';
import { stopProcess, stopSignal } from './stopping.ts';

/**
 * One role as a process of its own: refuses to start without the servers that roles share, says when it is ready, and on
 * a signal takes no new work, finishes or hands over what runs within `shutdownTimeout`, and exits with 0.
 *
 * @param start opens the role into `closing`, and gives the line that says it is ready
 */
export const runRole = async (
  cli: Cli,
  role: 'bots' | 'workers' | 'playground',
  options: CommonOptions,
  start: (role: RoleOptions, config: Config) => Promise<string>,
): Promise<void> => {
  const config = await cli.config(options);
  requireServers(config, `tenkyo ${role}`);
  const paths = openDataDirectory(config.dataDirectory);
  const logger = createLogger({ directory: paths.log, level: cli.env.TENKYO_DEBUG ? 'debug' : 'info' }).child({
    role,
    pid: process.pid,
  });
  const closing = createClosing(logger);
  const stop = stopSignal();
  const onWarning = cli.note;
  try {
    const ready = await start({ config, paths, clock: systemClock, logger, closing, onWarning }, config);
    logger.info('ready');
    cli.print(`${ready}   (Ctrl-C stops it)`);
  } catch (error) {
    await closing.closeAll();
    throw error;
  }

  await stopProcess(await stop, { cli, logger, withinMs: config.shutdownMs, close: closing.closeAll });
};
