// `npm run check`: types, style, arrows between the rooms, dead code. Prints one line a check, all output of a failed one.
import { spawnSync } from 'node:child_process';

const bin = (name) => `node_modules/.bin/${name}`;
const checks = [
  ['types', bin('tsc'), ['--noEmit']],
  ['style', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['arrows', process.execPath, ['scripts/check-arrows.mjs']],
  ['dead code', bin('knip'), ['--no-progress']],
];

let failed = 0;
for (const [name, command, args] of checks) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
  const ok = status === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!ok) {
    failed += 1;
    console.log(`${stdout ?? ''}${stderr ?? ''}`);
  }
}
process.exit(failed ? 1 : 0);
