import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface InstalledPackage {
  /** What is in the package, as it was unpacked. */
  readonly root: string;
  /** The program that `bin` names. */
  readonly program: string;
  /** A folder of somebody who has it installed, without a configuration. */
  readonly home: string;
  remove(): void;
}

const run = (command: string, args: readonly string[], cwd: string): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
  return stdout;
};

/** The packages that an installation without development packages brings, as the lock file names them. */
const productionPackages = (): string[] => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean; devOptional?: boolean }>>;
  };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && !devOptional)
    .map(([path]) => path.slice('node_modules/'.length))
    .filter((name) => existsSync(join('node_modules', name)));
};

/**
 * Builds, packs and installs the product as a lab would, in a temporary folder. What `npm install` would fetch is not
 * fetched: the packages it depends on in use, and no other, are linked from this repository's node_modules, so that a
 * module that needs a development package is not found.
 */
export const installPackage = (): InstalledPackage => {
  const home = mkdtempSync(join(tmpdir(), 'tenkyo-installed-'));
  run(process.execPath, ['scripts/build.mjs'], resolve('.'));
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', home], resolve('.')),
  ) as [{ filename: string }];
  const modules = join(home, 'node_modules');
  const root = join(modules, 'tenkyo');
  mkdirSync(root, { recursive: true });
  run('tar', ['xzf', join(home, filename), '--strip-components', '1', '-C', root], home);
  for (const name of productionPackages()) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: { tenkyo: string } };
  return { root, program: join(root, bin.tenkyo), home, remove: () => rmSync(home, { recursive: true, force: true }) };
};
