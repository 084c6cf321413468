import type { LogLevel } from '@slack/bolt';
import type { Logger } from '../src/telemetry/log.ts';

/** Bolt's log through ours: its information is our detail; our own lines say what matters. */
export const boltLogger = (logger: Logger) => {
  const line = (parts: readonly unknown[]): string => parts.map(String).join(' ');
  return {
    debug: (): void => {},
    info: (...parts: unknown[]): void => logger.debug(line(parts)),
    warn: (...parts: unknown[]): void => logger.warn(line(parts)),
    error: (...parts: unknown[]): void => logger.error(line(parts)),
    setLevel: (): void => {},
    getLevel: () => 'info' as LogLevel,
    setName: (): void => {},
  };
};
