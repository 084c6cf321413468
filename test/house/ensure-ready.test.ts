import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

it('says in two lines that Node is too old, and what to do', () => {
  const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"18.20.4"})';
  const { status, stderr } = spawnSync(process.execPath, ['--import', older, 'scripts/ensure-ready.mjs'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^tenkyo: Node 18\.20\.4 is too old; .+\n {2}Install a newer Node .+\n$/);
});
