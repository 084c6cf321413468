// Holds the arrows between the rooms (.dependency-cruiser.cjs). With a TypeScript that dependency-cruiser can't
// drive it sees no modules and passes silently: so the modules it saw are counted against the files there are.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

const rooms = ['src', 'bots', 'workers', 'indexers', 'playground', 'main'].filter(existsSync);
const options = await extractOptions('./.dependency-cruiser.cjs');
const { output } = await cruise(rooms, options);

const tracked = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...rooms], {
  encoding: 'utf8',
});
const expected = tracked.stdout.split('\n').filter((file) => /\.tsx?$/.test(file) && existsSync(file)).length;
const seen = output.modules.filter(({ source }) => /\.tsx?$/.test(source) && !source.includes('node_modules')).length;

for (const { from, to, rule } of output.summary.violations)
  console.log(`${rule.severity} ${rule.name}: ${from} -> ${to}`);
if (seen < expected) console.log(`only ${seen} of ${expected} TypeScript modules were read: the parser is not working`);
console.log(`${seen} modules, ${output.summary.error} violations`);
process.exit(output.summary.error > 0 || seen < expected ? 1 : 0);
