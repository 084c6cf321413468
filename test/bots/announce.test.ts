import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { CommandCall, Proposal } from '../../bots/admin/command.ts';
import { announceCommand } from '../../bots/admin/commands/announce.ts';
import { createSettings } from '../../src/access/settings.ts';
import type { Clock } from '../../src/clock.ts';
import type { MessageContent } from '../../src/delivery/presenter.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import { createStore } from '../../src/store/create-store.ts';
import { type EmbeddedDatabase, openPglite } from '../../src/store/pglite/open-pglite.ts';
import type { Store } from '../../src/store/store.ts';

const texts = textsFor('en');
const { announced, announcedBefore, confirm } = texts.commands;
const channels = ['CA1', 'CA2', 'CA3', 'CA4', 'CA5'];
const refusal = (error: string) => new WebAPIPlatformError({ ok: false, error } as never);

describe('/tenkyo announce', () => {
  let directory: string;
  let database: EmbeddedDatabase;
  let store: Store;
  let now: number;
  let slept: number[];
  let said: string[];
  let answers: Record<string, Error[]>;
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
    },
  };
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tenkyo-announce-'));
    database = await openPglite({ directory });
  });
  afterAll(async () => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await database.pglite.exec('drop schema if exists tenkyo cascade');
    now = 1_795_521_600_000;
    [slept, said, answers] = [[], [], {}];
    store = await createStore({ dialect: database.dialect, clock });
  });

  const client = {
    users: { conversations: async () => ({ channels: channels.map((id) => ({ id })) }) },
    chat: {
      postMessage: async ({ channel }: { channel: string }) => {
        const error = answers[channel]?.shift();
        if (error) throw error;
        said.push(channel);
      },
    },
  } as unknown as WebClient;
  const call = (rest: string) =>
    ({ team: 'T', user: 'UA', app: 'tenkyo', channel: 'CA1', rest, texts, client }) as unknown as CommandCall;
  const command = (inbox: Store['inbox'] = store.inbox) =>
    announceCommand({
      store: { ...store, inbox },
      settings: createSettings({ repository: store.settings, clock }),
      clock,
    });
  const propose = async (text: string) => (await command().run(call(text))) as Proposal;
  const perform = async ({ args }: Proposal, inbox?: Store['inbox']) => {
    const done = (await command(inbox).perform?.(args, call(''))) as MessageContent;
    return done.text;
  };
  const audited = async () =>
    (await store.audit.list('T', {}, { offset: 0, limit: 9 })).entries.map(({ outcome, reason, after }) => ({
      outcome,
      reason,
      channels: (after as { channels: number }).channels,
    }));

  it('says it once in every channel, and not again the same day', async () => {
    const proposal = await propose('Maintenance at noon');
    expect(proposal.confirm).toBe(`${confirm.announce(5, 0)}\n>Maintenance at noon`);
    expect(await perform(proposal)).toBe(announced({ sent: 5, failed: [], unsure: [], before: 0 }));
    expect(said).toEqual(channels);
    expect(await audited()).toEqual([
      { outcome: 'done', reason: null, channels: 5 },
      { outcome: 'done', reason: 'begun', channels: 5 },
    ]);
    expect(await command().run(call('Maintenance at noon'))).toMatchObject({ text: announcedBefore(5, []) });
    expect((await propose('Maintenance at one')).confirm).toContain(confirm.announce(5, 0));
    now += 25 * 3_600_000;
    expect((await propose('Maintenance at noon')).confirm).toContain(confirm.announce(5, 0));
  });

  it('goes on where the process died, says nothing twice, and names the channel of which nobody knows', async () => {
    let left = 2;
    const dying: Store['inbox'] = {
      ...store.inbox,
      claim: async (key) => {
        if (key.kind === 'announced') {
          if (left === 0) throw new Error('the process died here');
          left -= 1;
        }
        return store.inbox.claim(key);
      },
    };
    await expect(perform(await propose('Hello'), dying)).rejects.toThrow('died here');
    expect(said).toEqual(['CA1', 'CA2', 'CA3']);
    expect(await audited()).toEqual([{ outcome: 'done', reason: 'begun', channels: 5 }]);
    const again = await propose('Hello');
    expect(again.confirm).toContain(confirm.announce(2, 2));
    expect(await perform(again)).toBe(announced({ sent: 2, failed: [], unsure: ['<#CA3>'], before: 2 }));
    expect(said).toEqual(channels);
    expect(await command().run(call('Hello'))).toMatchObject({ text: announcedBefore(4, ['<#CA3>']) });
  });

  it('says once what two press at the same moment', async () => {
    const [one, other] = [await propose('Hello'), await propose('Hello')];
    await Promise.all([perform(one), perform(other)]);
    expect(said.toSorted()).toEqual(channels);
  });

  it('waits when told to, names what was refused, and tries only that again', async () => {
    answers = {
      CA2: [new WebAPIRateLimitedError(7), new WebAPIRateLimitedError(3)],
      CA4: [refusal('is_archived')],
      CA5: [refusal('internal_error')],
    };
    expect(await perform(await propose('Hello'))).toBe(
      announced({ sent: 3, failed: ['<#CA4>'], unsure: ['<#CA5>'], before: 0 }),
    );
    expect(slept).toEqual([7_000, 3_000]);
    expect((await audited())[0]).toEqual({
      outcome: 'done',
      reason: 'CA4: is_archived; CA5: internal_error',
      channels: 3,
    });
    const again = await propose('Hello');
    expect(again.confirm).toContain(confirm.announce(1, 3));
    await perform(again);
    expect(said).toEqual(['CA1', 'CA2', 'CA3', 'CA4']);
  });
});
