import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PackageFacts {
  /** The folder that holds `package.json` and `demo/`: of the repository, or of the installed package. */
  readonly root: string;
  readonly version: string;
}

/** Compiled files lie one folder deeper than their sources: the way up ends where the package begins. */
export const packageFacts = (): PackageFacts => {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, version };
};
