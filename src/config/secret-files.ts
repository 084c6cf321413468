import { readFileSync } from 'node:fs';
import type { Problem } from './problems.ts';
import type { Environment } from './tokens.ts';

/** What may be given by a file. Not every `_FILE` is one: a certificate (`_CA_FILE`) is a file by itself. */
const byFile = /^(.+_(?:BOT_TOKEN|APP_TOKEN|SIGNING_SECRET|API_KEY|PASSWORD|URL))_FILE$/;

/**
 * The environment with `NAME` from the file that `NAME_FILE` names, as container engines hand over secrets.
 *
 * @param problems what is wrong is added here; a secret itself is never shown
 */
export const withSecretFiles = (env: Environment, problems: Problem[]): Environment => {
  const named = Object.keys(env).flatMap((variable) => {
    const name = byFile.exec(variable)?.[1];
    const file = env[variable]?.trim();
    return name === undefined || !file ? [] : [{ variable, name, file }];
  });
  if (named.length === 0) return env;
  const filled: Record<string, string | undefined> = { ...env };
  for (const { variable, name, file } of named) {
    if (env[name]?.trim()) {
      problems.push({ path: variable, found: `${name} too`, expected: 'one of the two' });
      continue;
    }
    try {
      filled[name] = readFileSync(file, 'utf8').trim();
      if (filled[name] === '') problems.push({ path: variable, found: `an empty file, ${file}`, expected: 'a secret' });
    } catch (error) {
      const found = `${(error as NodeJS.ErrnoException).code}, ${file}`;
      problems.push({ path: variable, found, expected: 'a readable file' });
    }
  }
  return filled;
};
