import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TenkyoError } from '../../src/errors.ts';

/** Layout of the data directory; raised when an older product could not read what a newer one wrote. */
const layoutVersion = 1;

export interface DataPaths {
  readonly root: string;
  /** PGlite's own folder: records and queues. */
  readonly database: string;
  /** The local workspace. */
  readonly workspace: string;
  /** Written by a living local workspace for bots beside it: address and tokens. */
  readonly workspaceFile: string;
  /** One folder a corpus. */
  readonly index: string;
  readonly log: string;
  /** Of the pseudonyms in exports. */
  readonly exportKey: string;
  /** Written by a living `up` or `playground`. */
  readonly process: string;
}

const dataPaths = (root: string): DataPaths => ({
  root,
  database: join(root, 'database'),
  workspace: join(root, 'workspace.sqlite'),
  workspaceFile: join(root, 'workspace.json'),
  index: join(root, 'index'),
  log: join(root, 'log'),
  exportKey: join(root, 'export.key'),
  process: join(root, 'process.json'),
});

/**
 * Makes the data directory, readable by its owner alone, and checks that this version may use what is in it.
 *
 * @throws TenkyoError `data_version` when a newer Tenkyo wrote it; `config_invalid` when it can't be written
 */
export const openDataDirectory = (root: string): DataPaths => {
  const versionFile = join(root, 'version');
  let found: string | null = null;
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    found = readFileSync(versionFile, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      throw new TenkyoError('config_invalid', 'the data directory cannot be used', {
        where: root,
        found: code ?? String(error),
        remedy: 'Name a folder that you may write to, with --data or TENKYO_DATA.',
        cause: error,
      });
    }
  }
  if (found === null) writeFileSync(versionFile, `${layoutVersion}\n`);
  else if (found !== String(layoutVersion)) {
    throw new TenkyoError('data_version', 'the data directory was written by another version of Tenkyo', {
      where: versionFile,
      expected: `version ${layoutVersion}`,
      found: `version ${found.slice(0, 20)}`,
      remedy: 'Use the Tenkyo that wrote it, or another folder with --data.',
    });
  }
  return dataPaths(root);
};
