import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem } from './problems.ts';
import { withSecretFiles } from './secret-files.ts';

describe('secrets by file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (text: string): string => {
    const path = join(folder, 'secret');
    writeFileSync(path, text);
    return path;
  };

  it('reads what a file holds, without the line end that editors add', () => {
    const problems: Problem[] = [];
    const env = withSecretFiles({ A_BOT_TOKEN_FILE: file('xoxb-1\n'), REDIS_URL: 'redis://r' }, problems);
    expect(env).toMatchObject({ A_BOT_TOKEN: 'xoxb-1', REDIS_URL: 'redis://r' });
    expect(problems).toEqual([]);
  });

  it('leaves alone what is a file by itself, and an empty name', () => {
    const given = { ELASTICSEARCH_CA_FILE: '/nowhere.pem', REDIS_URL_FILE: '' };
    expect(withSecretFiles(given, [])).toBe(given);
  });

  it('names a file that cannot be read, one that is empty, and a secret given twice; never the secret', () => {
    const problems: Problem[] = [];
    const secret = file('hush');
    withSecretFiles(
      { A_API_KEY_FILE: join(folder, 'none'), B_API_KEY_FILE: secret, B_API_KEY: 'other', C_PASSWORD_FILE: folder },
      problems,
    );
    expect(problems.map(({ path, found }) => `${path}: ${found.split(',')[0]}`)).toEqual([
      'A_API_KEY_FILE: ENOENT',
      'B_API_KEY_FILE: B_API_KEY too',
      'C_PASSWORD_FILE: EISDIR',
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/hush|other/);
    const empty: Problem[] = [];
    withSecretFiles({ A_API_KEY_FILE: file('\n') }, empty);
    expect(empty).toMatchObject([{ found: expect.stringContaining('an empty file') }]);
  });
});
