import { expect, it } from '@jest/globals';
import type { Clock } from '../clock.ts';
import { createAccess, type Directory } from './access.ts';

const byHand = (): Clock & { advance(ms: number): void } => {
  let now = 0;
  return {
    now: () => now,
    sleep: (_, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true })),
    advance: (ms) => {
      now += ms;
    },
  };
};

const directory = (facts: Partial<Directory> = {}): Directory & { asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    person: async (user) => {
      asked.push(user);
      return { locale: user === 'U1' ? 'ja-JP' : 'en-GB', isWorkspaceAdmin: user === 'U1' };
    },
    groupMembers: async () => ['U2'],
    workspaceAdmins: async () => ['U1'],
    home: async () => 'T1',
    ...facts,
  };
};

const nobody = { users: [], userGroup: null };
const yes = { admin: true, reason: null };
const no = { admin: false, reason: null };

it("takes the workspace's admins where the lab named none", async () => {
  const access = createAccess({ admins: nobody, directory: directory(), clock: byHand() });
  expect([await access.isAdmin('U1'), await access.isAdmin('U2')]).toEqual([yes, no]);
  expect(await access.admins()).toEqual(['U1']);
});

it('takes those that the lab named, and nobody else', async () => {
  const admins = { users: ['U3'], userGroup: 'S1' };
  const access = createAccess({ admins, directory: directory(), clock: byHand() });
  expect(await Promise.all(['U1', 'U2', 'U3'].map((user) => access.isAdmin(user)))).toEqual([no, yes, yes]);
  expect(await access.admins()).toEqual(['U3', 'U2']);
});

it('fails closed and says why; those named by id stay admins', async () => {
  const groupMembers = async (): Promise<never> => {
    throw new Error('paid_teams_only');
  };
  const admins = { users: ['U3'], userGroup: 'S1' };
  const access = createAccess({ admins, directory: directory({ groupMembers }), clock: byHand() });
  expect(await access.isAdmin('U2')).toEqual({ admin: false, reason: 'paid_teams_only' });
  expect(await access.isAdmin('U3')).toEqual(yes);
  expect(await access.admins()).toEqual(['U3']);
});

it('remembers for a minute, but no failure', async () => {
  const clock = byHand();
  let broken = true;
  const people = directory();
  const person: Directory['person'] = (user) => {
    if (!broken) return people.person(user);
    broken = false;
    return Promise.reject(new Error('timeout'));
  };
  const access = createAccess({ admins: nobody, directory: { ...people, person }, clock });
  expect(await access.isAdmin('U1')).toEqual({ admin: false, reason: 'timeout' });
  expect(await access.isAdmin('U1')).toEqual(yes);
  await access.localeOf('U1');
  expect(people.asked).toEqual(['U1']);
  clock.advance(60_000);
  await access.isAdmin('U1');
  expect(people.asked).toEqual(['U1', 'U1']);
});

it('knows its own workspace and the members of groups, and doubts what it cannot find out', async () => {
  const access = createAccess({ admins: nobody, directory: directory(), clock: byHand() });
  expect(await Promise.all(['T1', 'T2', undefined].map((team) => access.isHome(team)))).toEqual([true, false, false]);
  expect([await access.inGroup('U2', ['S1']), await access.inGroup('U1', ['S1'])]).toEqual([true, false]);
  expect(await access.inGroup('U2', [])).toBe(false);
  const refuse = async (): Promise<never> => {
    throw new Error('missing_scope');
  };
  const broken = directory({ home: refuse, groupMembers: refuse });
  const blind = createAccess({ admins: nobody, directory: broken, clock: byHand() });
  expect([await blind.isHome('T1'), await blind.inGroup('U2', ['S1'])]).toEqual([false, false]);
});

it('speaks Japanese to Japanese locales and English to all others, also when Slack is silent', async () => {
  const clock = byHand();
  const access = createAccess({ admins: nobody, directory: directory(), clock });
  expect([await access.localeOf('U1'), await access.localeOf('U2')]).toEqual(['ja', 'en']);

  const silent = { ...clock, sleep: async () => {} };
  const person = (): Promise<never> => new Promise(() => {});
  expect(await createAccess({ admins: nobody, directory: directory({ person }), clock: silent }).localeOf('U1')).toBe(
    'en',
  );
});
