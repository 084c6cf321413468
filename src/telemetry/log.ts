import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';

export type { Logger };

/** Keys that never reach a log: secrets, and the words of people and models (an id finds them in the store). */
const hidden = ['token', 'botToken', 'appToken', 'signingSecret', 'authorization', 'text', 'question', 'prompt'];

/** What looks like a secret wherever it stands: tokens of Slack, keys of servers, passwords in addresses. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(?:xox[a-z]|xapp)-[\w-]+/g, '[hidden]'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"\\]*@/g, '$1[hidden]@'],
  [/\b(Bearer|Basic|ApiKey) [\w.~+/=-]+/g, '$1 [hidden]'],
];

export interface LogOptions {
  /** Folder of the log file `tenkyo.jsonl`; null: standard error. */
  readonly directory: string | null;
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** JSON lines, one an event; secrets and message texts are cut out. */
export const createLogger = ({ directory, level }: LogOptions): Logger => {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: {
      streamWrite: (line: string) => secrets.reduce((text, [secret, shown]) => text.replace(secret, shown), line),
    },
    redact: { paths: hidden.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[hidden]' },
  };
  if (directory === null) return pino(options, pino.destination({ fd: 2, sync: true }));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // Synchronous: the lines before a crash are the ones that matter, and there are few.
  return pino(
    options,
    pino.destination({ dest: join(directory, 'tenkyo.jsonl'), mkdir: true, append: true, sync: true }),
  );
};
