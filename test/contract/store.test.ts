import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Clock, systemClock } from '../../src/clock.ts';
import { createStore } from '../../src/store/create-store.ts';
import { type EmbeddedDatabase, openPglite } from '../../src/store/pglite/open-pglite.ts';
import { adminStoreContract } from './admin-store.contract.ts';
import { conversationContract } from './conversation.contract.ts';
import { storeContract } from './store.contract.ts';
import { turnsContract } from './turns.contract.ts';

let root: string;
let database: EmbeddedDatabase;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tenkyo-store-'));
  database = await openPglite({ directory: join(root, 'pg') });
});
afterAll(async () => {
  await database.close();
  rmSync(root, { recursive: true, force: true });
});

const pglite = {
  open: async (clock: Clock) => {
    await database.pglite.exec('drop schema if exists tenkyo cascade');
    return createStore({ dialect: database.dialect, clock });
  },
  again: (clock: Clock) => createStore({ dialect: database.dialect, clock }),
};
storeContract('PGlite', pglite);
conversationContract('PGlite', pglite.open);
turnsContract('PGlite', pglite);
adminStoreContract('PGlite', { ...pglite, raw: (sql) => database.pglite.exec(sql) });

describe('the records on disk', () => {
  it('are refused when a newer version has written them', async () => {
    await database.pglite.exec('drop schema if exists tenkyo cascade');
    await (await createStore({ dialect: database.dialect, clock: systemClock })).close();
    await database.pglite.exec(`insert into tenkyo.migration values ('9999_later', '2030-01-01')`);
    await expect(createStore({ dialect: database.dialect, clock: systemClock })).rejects.toMatchObject({
      code: 'data_version',
      found: '9999_later',
      expected: expect.stringMatching(/^at most \d{4}_/),
      remedy: expect.any(String),
    });
  });

  it('leave nothing outside the schema tenkyo', async () => {
    const { rows } = await database.pglite.query(
      `select table_schema, table_name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema', 'tenkyo')`,
    );
    expect(rows).toEqual([]);
  });

  it('belong to one process at a time, and to nobody after it', async () => {
    const directory = join(root, 'one');
    const first = await openPglite({ directory });
    await expect(openPglite({ directory })).rejects.toMatchObject({ code: 'data_locked', where: directory });
    await first.close();
    const second = await openPglite({ directory });
    await second.close();
  });
});
