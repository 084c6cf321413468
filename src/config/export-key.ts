import type { Problem } from './problems.ts';
import { type Environment, value } from './tokens.ts';

const shortest = 32;

/**
 * The key of exported pseudonyms from `EXPORT_KEY`; null: the data directory's own.
 *
 * @param problems what is wrong is added here
 */
export const exportKeyFrom = (env: Environment, problems: Problem[]): string | null => {
  const key = value(env, 'EXPORT_KEY');
  if (key !== null && key.length < shortest) {
    problems.push({ path: 'EXPORT_KEY', found: 'a short one', expected: `at least ${shortest} characters` });
  }
  return key;
};
