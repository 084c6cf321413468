import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';
import { runTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

describe('the installed package', () => {
  let installed: InstalledPackage;
  beforeAll(() => {
    installed = installPackage();
  }, 300_000);
  afterAll(() => installed?.remove());

  const tenkyo = (...args: string[]) =>
    runTenkyo(args, { program: installed.program, cwd: installed.home, env: { TENKYO_DATA: 'data' } });

  it('is compiled, whole and without tests', () => {
    const files = readdirSync(installed.root, { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /\.tsx?$|\.test\.|(^|\/)(test|bench)\//.test(file))).toEqual([]);
    for (const needed of ['README.md', 'LICENSE', 'CHANGELOG.md', 'demo/tenkyo.yaml', 'docs/runs.md']) {
      expect(files).toContain(needed);
    }
    expect(statSync(installed.program).mode & 0o111).toBe(0o111);
    // A thread is started by its file's name, which no compiler rewrites.
    const named = files
      .filter((file) => file.startsWith('dist/') && file.endsWith('.js') && !file.includes('/web/'))
      .filter((file) => /new URL\('[^']*\.ts'/.test(readFileSync(join(installed.root, file), 'utf8')));
    expect(named).toEqual([]);
  });

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await tenkyo('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('has its version in the change log', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(readFileSync('CHANGELOG.md', 'utf8')).toContain(`## ${version}`);
  });

  it('indexes and searches the demonstration', async () => {
    const index = await tenkyo('index');
    expect(index).toMatchObject({ code: 0 });
    const { code, stdout } = await tenkyo('search', 'ナマズと地震', '--limit', '3', '--json');
    expect(code).toBe(0);
    expect(stdout).toContain('ja_folklore');
  }, 180_000);

  it('finds nothing in the way', async () => {
    const { code, stdout } = await tenkyo('doctor', '--port', '0', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
  });

  it('answers with the demonstration model', async () => {
    const { code, stdout } = await tenkyo('ask', '地震の原因はナマズが動くことですか？');
    expect(code).toBe(0);
    expect(stdout.trim()).not.toBe('');
  }, 120_000);

  it('runs everything in one process, with the page of the local workspace', async () => {
    const running = await startTenkyo(join(installed.home, 'data'), {
      program: installed.program,
      cwd: installed.home,
    });
    try {
      const page = await fetch(running.url);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<script');
    } finally {
      expect(await running.end('SIGTERM')).toEqual({ code: 0, signal: null });
    }
  }, 120_000);
});
