import type { Logger } from '../../src/telemetry/log.ts';
import type { Cli } from './cli.ts';

/** Resolves with the signal that asks the process to end. */
export const stopSignal = (): Promise<NodeJS.Signals> =>
  new Promise((stop) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop(name));
  });

/**
 * Ends the process with 0 when all is closed, with 1 when that takes longer than `withinMs`, with 130 when Ctrl-C is
 * pressed once more.
 */
export const stopProcess = async (
  signal: NodeJS.Signals,
  { cli, logger, withinMs, close }: { cli: Cli; logger: Logger; withinMs: number; close: () => Promise<void> },
): Promise<never> => {
  cli.note(`${signal}: stopping …`);
  logger.info({ signal }, 'stopping');
  process.once('SIGINT', () => process.exit(130));
  setTimeout(() => {
    logger.error('did not stop in time');
    process.exit(1);
  }, withinMs).unref();
  await close();
  process.exit(0);
};
