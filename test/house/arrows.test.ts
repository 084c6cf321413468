import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

describe('the check of the arrows', () => {
  let house: string;
  beforeEach(() => {
    house = mkdtempSync(join(tmpdir(), 'tenkyo-house-'));
    cpSync('.dependency-cruiser.cjs', join(house, '.dependency-cruiser.cjs'));
    spawnSync('git', ['init', '-q'], { cwd: house });
  });
  afterEach(() => rmSync(house, { recursive: true, force: true }));

  const build = (files: Record<string, string>): void => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), text);
    }
  };
  const check = () =>
    spawnSync(process.execPath, [resolve('scripts/check-arrows.mjs')], {
      cwd: house,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });

  it('lets the allowed arrows pass', () => {
    build({
      'src/text/a.ts': 'export const a = 1;\n',
      'bots/b.ts': "import { a } from '../src/text/a.ts';\nexport const b = a;\n",
    });
    expect(check()).toMatchObject({ status: 0, stdout: '2 modules, 0 violations\n' });
  });

  it.each([
    [
      'src-knows-nobody',
      { 'bots/b.ts': 'export const b = 1;\n', 'src/a.ts': "import { b } from '../bots/b.ts';\nexport const a = b;\n" },
    ],
    [
      'ground-floor',
      {
        'src/search/b.ts': 'export type B = 1;\n',
        'src/text/a.ts': "import type { B } from '../search/b.ts';\nexport const a: B = 1;\n",
      },
    ],
    [
      'no-cycles',
      {
        'src/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
        'src/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
      },
    ],
  ])('sees a planted %s', (rule, files) => {
    build(files as unknown as Record<string, string>);
    const { status, stdout } = check();
    expect(stdout).toContain(`error ${rule}:`);
    expect(status).toBe(1);
  });

  it('fails when it did not read every file, instead of passing silently', () => {
    build({ 'src/a.ts': 'export const a = 1;\n', 'src/unseen/b.ts': 'export const b = 1;\n' });
    const file = join(house, '.dependency-cruiser.cjs');
    writeFileSync(file, readFileSync(file, 'utf8').replace("exclude: { path: '", "exclude: { path: 'unseen|"));
    const { status, stdout } = check();
    expect(stdout).toContain('only 1 of 2 TypeScript modules were read');
    expect(status).toBe(1);
  });
});
