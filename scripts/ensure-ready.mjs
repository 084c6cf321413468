// Runs before `npm start`, `npm test` and `npm run tenkyo`, on whatever Node is there: plain JavaScript, no packages.
// Installs what is missing (a Node 24 among it, which npm then puts first in the PATH) and builds the page when
// it is older than its source.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const quiet = process.argv.includes('--quiet');
const say = (text) => quiet || process.stderr.write(`${text}\n`);

const stop = (what, remedy) => {
  process.stderr.write(`tenkyo: ${what}\n  ${remedy}\n`);
  process.exit(2);
};

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  stop(
    `Node ${process.versions.node} is too old; Node 20 or newer is needed to install (Node 24 itself then comes with the packages).`,
    'Install a newer Node from https://nodejs.org and run the same command again.',
  );
}

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

const run = (command, args, env = {}) =>
  spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 2, 2],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  }).status ?? 1;

const lock = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');
if (modified(installed) < modified(lock)) {
  say('tenkyo: installing packages (once; about a minute) …');
  // onnxruntime-node's install script fetches GPU libraries from outside the registry and fails where that is
  // not reachable; the CPU libraries are in the package itself.
  // `npm install --no-save`, not `npm ci`: the lock file was made where only Linux packages could be had, so that other
  // systems' optional parts are not in it, and `npm ci` refuses such a lock. What is in it is installed as locked.
  const status = run('npm', ['install', '--no-save', '--no-audit', '--no-fund'], { ONNXRUNTIME_NODE_INSTALL: 'skip' });
  if (status !== 0)
    stop(
      'the packages could not be installed (see above).',
      'Check that the npm registry is reachable and run the same command again.',
    );
}

const newestUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((newest, entry) => {
    if (entry.name === 'dist' || entry.name.endsWith('.test.ts')) return newest;
    const path = join(folder, entry.name);
    return Math.max(newest, entry.isDirectory() ? newestUnder(path) : modified(path));
  }, 0);

const pageSource = [join(root, 'playground', 'web'), join(root, 'playground', 'protocol')];
const page = join(root, 'playground', 'web', 'dist', 'index.html');
if (pageSource.every(existsSync) && modified(page) < Math.max(...pageSource.map(newestUnder), modified(lock))) {
  say('tenkyo: building the page of the local workspace …');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const status = run(existsSync(node) ? node : process.execPath, [
    vite,
    'build',
    '--config',
    'playground/web/vite.config.ts',
    '--logLevel',
    'warn',
  ]);
  if (status !== 0)
    stop(
      'the page of the local workspace could not be built (see above).',
      'Run `npm run build:page` for the whole message.',
    );
}
