import { resolve } from 'node:path';
import type { DatabaseConfig } from './config.ts';
import type { Problem } from './problems.ts';
import { type Environment, value } from './tokens.ts';

/**
 * PostgreSQL from `DATABASE_URL`, `_CA_FILE` (relative to the working directory), `_CONNECTIONS` and
 * `_STATEMENT_SECONDS`; null without a URL. A URL may hold a password and is never shown.
 *
 * @param problems what is wrong is added here
 */
export const databaseFrom = (
  env: Environment,
  { cwd, problems }: { cwd: string; problems: Problem[] },
): DatabaseConfig | null => {
  const url = value(env, 'DATABASE_URL');
  if (url === null) return null;
  const refuse = (name: string, found: string, expected: string): void => {
    problems.push({ path: `DATABASE_${name}`, found, expected });
  };
  const count = (name: string, most: number, usual: number): number => {
    const text = value(env, `DATABASE_${name}`);
    if (text === null) return usual;
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    refuse(name, JSON.stringify(text), `a whole number from 1 to ${most}`);
    return usual;
  };
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    refuse('URL', 'no address', 'postgresql://…');
  }
  const caFile = value(env, 'DATABASE_CA_FILE');
  return {
    url,
    caFile: caFile === null ? null : resolve(cwd, caFile),
    connections: count('CONNECTIONS', 1_000, 10),
    statementMs: count('STATEMENT_SECONDS', 3_600, 8) * 1_000,
  };
};
