import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openDatabase } from './database.ts';
import { createFiles } from './files.ts';
import { SCHEMA } from './schema.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenkyo-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const person = `insert into people values ('U1', 'hanako', '花子', 'ja-JP', 1, null, '#336699')`;
const file = { id: 'F1', name: 'a.md', mimetype: 'text/markdown', size: 3, user: 'U1', created: 1 };

it('takes up a workspace that was made before there were files', () => {
  const path = join(folder, 'workspace.sqlite');
  const old = new DatabaseSync(path);
  old.exec(`${SCHEMA} pragma user_version = 1; ${person}`);
  old.close();
  for (const round of [1, 2]) {
    const database = openDatabase(path);
    const files = createFiles(database);
    if (round === 1) files.add(file, Buffer.from('abc'));
    expect(files.find('F1')).toEqual(file);
    expect(Buffer.from(files.bytes('F1') ?? []).toString()).toBe('abc');
    database.close();
  }
});

it('forgets a file with the last message that shows it, and no other', () => {
  const database = openDatabase(join(folder, 'workspace.sqlite'));
  database.run(person);
  const files = createFiles(database);
  for (const id of ['F1', 'F2', 'F3']) files.add({ ...file, id }, Buffer.from('abc'));
  files.attach('C1', '1.1', ['F2', 'F1']);
  expect(files.of('C1', '1.1').map(({ id }) => id)).toEqual(['F2', 'F1']);
  expect(files.channels('F1')).toEqual(['C1']);
  files.detach('C1', '1.1');
  expect(['F1', 'F2', 'F3'].map((id) => files.find(id)?.id)).toEqual([undefined, undefined, 'F3']);
  database.close();
});
