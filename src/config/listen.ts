import type { ListenAddress } from './config.ts';
import type { Problem } from './problems.ts';
import { type Environment, value } from './tokens.ts';

/**
 * An address from a variable: `3030`, `0.0.0.0:3030` or `[::1]:3030`; a port alone is on this machine only. null: not set.
 *
 * @param problems what is wrong is added here
 */
export const listenFrom = (env: Environment, name: string, problems: Problem[]): ListenAddress | null => {
  const text = value(env, name);
  if (text === null) return null;
  const [, host = '127.0.0.1', digits = ''] = /^(?:(\[[\da-fA-F:]+\]|[\w.-]+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535) {
    problems.push({ path: name, found: JSON.stringify(text), expected: 'a port, or host:port' });
  }
  return { host: host.replace(/^\[|\]$/g, ''), port };
};
