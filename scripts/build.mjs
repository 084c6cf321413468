// `npm run build`: dist/, what an installed package runs. Node strips no types under node_modules, so the sources are
// compiled, each file on its own and in the same folders; the built page lies where the compiled server looks for it.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist');
const run = (file, args) => {
  const { status } = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
};

rmSync(out, { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', ['--project', 'tsconfig.build.json']);

const page = join(root, 'playground', 'web', 'dist');
if (!existsSync(join(page, 'index.html'))) {
  run('node_modules/vite/bin/vite.js', ['build', '--config', 'playground/web/vite.config.ts', '--logLevel', 'warn']);
}
cpSync(page, join(out, 'playground', 'web', 'dist'), { recursive: true });
chmodSync(join(out, 'main', 'cli', 'tenkyo.js'), 0o755);
