// `npm test [-- jest arguments]`: the checks that need no running, then every test.
import { spawnSync } from 'node:child_process';

const run = (file, args, env = {}) =>
  spawnSync(process.execPath, [file, ...args], { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

const args = process.argv.slice(2);
const jest = () =>
  run('node_modules/jest/bin/jest.js', args, {
    NODE_OPTIONS:
      `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
  });

process.exit(args.length > 0 ? jest() : run('scripts/check.mjs', []) || jest());
