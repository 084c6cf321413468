import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WebClient } from '@slack/web-api';
import { type Caller, type CommandRunner, createRunner } from '../../bots/admin/run-command.ts';
import { commandTable, type TableOptions } from '../../bots/admin/table.ts';
import { createAccess, type Directory } from '../../src/access/access.ts';
import { createSettings } from '../../src/access/settings.ts';
import type { MessageContent } from '../../src/delivery/presenter.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import { createStore } from '../../src/store/create-store.ts';
import { type EmbeddedDatabase, openPglite } from '../../src/store/pglite/open-pglite.ts';
import type { Store } from '../../src/store/store.ts';
import { readBlocks } from '../support/read-blocks.ts';
import { createHandClock } from '../support/search-fakes.ts';

const texts = textsFor('en');
const { commands } = texts;

describe('a member reaches no admin effect', () => {
  let folder: string;
  let database: EmbeddedDatabase;
  let store: Store;
  let clock: ReturnType<typeof createHandClock>;
  let admins: Set<string>;
  let runner: CommandRunner;
  let access: ReturnType<typeof createAccess>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-attacks-'));
    database = await openPglite({ directory: join(folder, 'pg') });
  });
  afterAll(async () => {
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await database.pglite.exec('drop schema if exists tenkyo cascade');
    clock = createHandClock();
    store = await createStore({ dialect: database.dialect, clock });
    admins = new Set(['UADMIN', 'UOTHER']);
    const directory: Directory = {
      home: async () => 'THOME',
      person: async (user) => ({ locale: 'en-GB', isWorkspaceAdmin: admins.has(user) }),
      groupMembers: async () => [],
      workspaceAdmins: async () => [...admins],
    };
    access = createAccess({ admins: { users: [], userGroup: null }, directory, clock });
    const options = {
      command: '/tenkyo',
      store,
      settings: createSettings({ repository: store.settings, clock }),
      models: ['m'],
      clock,
    } as unknown as TableOptions;
    runner = createRunner(
      commandTable({
        ...options,
        limits: { questions: null, tokens: null, atOnce: null, running: null, waiting: null },
      }),
      {
        command: '/tenkyo',
        store,
      },
    );
  });

  const as = (user: string, place: Partial<Caller> = {}): Caller => ({
    user,
    team: 'THOME',
    channel: 'C1',
    app: 'tenkyo-search',
    callId: 'x',
    texts,
    access,
    client: {} as WebClient,
    ...place,
  });
  const read = ({ blocks, text }: MessageContent): string => readBlocks(blocks) || text;
  const buttonValue = ({ blocks }: MessageContent): string => {
    const id = JSON.stringify(blocks).match(/"value":"([^"]+)"/)?.[1];
    if (!id) throw new Error('there is no button');
    return id;
  };
  const isPaused = async (): Promise<boolean> => (await store.settings.all('THOME')).length > 0;
  const last = async () => (await store.audit.list('THOME', {}, { offset: 0, limit: 1 })).entries[0];

  it('by text', async () => {
    const answer = await runner.run('model pause m', as('UMEMBER'));
    expect(read(answer)).toContain(commands.onlyAdmins(['<@UADMIN>', '<@UOTHER>'], null));
    expect(JSON.stringify(answer.blocks)).not.toContain('admin_confirm');
    expect(await last()).toMatchObject({
      actor: 'UMEMBER',
      action: 'model pause',
      outcome: 'denied',
      reason: 'no admin',
    });
  });

  it("by the payload of an admin's button", async () => {
    const id = buttonValue(await runner.run('model pause m', as('UADMIN')));
    expect(read(await runner.confirm(id, as('UMEMBER')))).toContain('Only admins');
    expect(await isPaused()).toBe(false);
    expect(await last()).toMatchObject({ actor: 'UMEMBER', action: 'confirm', outcome: 'denied' });
    // It was not used up by who may not use it.
    expect(read(await runner.confirm(id, as('UADMIN')))).toBe(commands.did.pause('m'));
    expect(await isPaused()).toBe(true);
  });

  it.each(['', 'x', '{"command":"model pause","args":"m"}', "' or 1=1 --", 'A'.repeat(2_000)])(
    'by a forged value: %.40s',
    async (value) => {
      expect(read(await runner.confirm(value, as('UADMIN')))).toBe(commands.stale.unknown);
      expect(read(await runner.confirm(value, as('UMEMBER')))).toContain('Only admins');
      expect(await isPaused()).toBe(false);
    },
  );

  it('by a replayed action: twice, late, from another channel, or by another admin', async () => {
    const id = buttonValue(await runner.run('model pause m', as('UADMIN')));
    expect(read(await runner.confirm(id, as('UOTHER')))).toBe(commands.stale.another_person);
    expect(read(await runner.confirm(id, as('UADMIN', { channel: 'C2' })))).toBe(commands.stale.another_person);
    expect(await isPaused()).toBe(false);
    const presses = await Promise.all(Array.from({ length: 4 }, () => runner.confirm(id, as('UADMIN'))));
    expect(presses.map(read).toSorted()).toEqual(
      [commands.stale.used, commands.stale.used, commands.stale.used, commands.did.pause('m')].toSorted(),
    );
    const again = buttonValue(await runner.run('model resume m', as('UADMIN')));
    clock.advance(10 * 60_000);
    expect(read(await runner.confirm(again, as('UADMIN')))).toBe(commands.stale.expired);
    expect(await isPaused()).toBe(true);
    expect(await last()).toMatchObject({ outcome: 'denied', reason: 'confirmation: expired' });
  });

  it('by having been an admin when the button was made', async () => {
    const id = buttonValue(await runner.run('model pause m', as('UADMIN')));
    admins.delete('UADMIN');
    clock.advance(60_000);
    expect(read(await runner.confirm(id, as('UADMIN')))).toContain('Only admins');
    expect(await isPaused()).toBe(false);
  });

  it("by another workspace's id, in a command or at a button", async () => {
    const id = buttonValue(await runner.run('model pause m', as('UADMIN')));
    for (const team of ['TFOREIGN', '']) {
      expect(read(await runner.run('model pause m', as('UADMIN', { team })))).toBe(commands.otherWorkspace);
      expect(read(await runner.confirm(id, as('UADMIN', { team })))).toBe(commands.otherWorkspace);
      expect((await store.audit.list(team, {}, { offset: 0, limit: 9 })).entries).toMatchObject([
        { outcome: 'denied', reason: 'another workspace' },
        { outcome: 'denied', reason: 'another workspace' },
      ]);
      expect(await store.settings.all(team)).toEqual([]);
    }
    expect(await isPaused()).toBe(false);
  });

  it('while Slack does not say who is an admin: it fails closed and says why', async () => {
    const silent = createAccess({
      admins: { users: [], userGroup: null },
      clock,
      directory: {
        home: async () => 'THOME',
        person: async () => Promise.reject(new Error('ratelimited')),
        groupMembers: async () => [],
        workspaceAdmins: async () => [],
      },
    });
    const answer = await runner.run('model pause m', as('UADMIN', { access: silent }));
    expect(read(answer)).toContain('It could not be found out whether you are one (ratelimited).');
    expect(await last()).toMatchObject({ outcome: 'denied', reason: 'ratelimited' });
  });
});
