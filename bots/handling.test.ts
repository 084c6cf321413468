import { expect, it } from '@jest/globals';
import pino from 'pino';
import type { Access } from '../src/access/access.ts';
import { TenkyoError } from '../src/errors.ts';
import { createHandling } from './handling.ts';

const access: Access = {
  isAdmin: async () => ({ admin: false, reason: null }),
  admins: async () => [],
  isHome: async () => true,
  inGroup: async () => false,
  localeOf: async (user) => (user === 'U1' ? 'ja' : 'en'),
};

const setUp = () => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { lines, handling: createHandling({ access, logger, newId: () => 'e12345' }) };
};

it('tells the person what failed, in their language, with the id that the log has', async () => {
  const { lines, handling } = setUp();
  const told: string[] = [];
  const tell = async (text: string): Promise<void> => void told.push(text);
  const fail = async (): Promise<never> => {
    throw new TenkyoError('slack_unreachable', 'fetch failed');
  };
  await handling.run({ name: 'context', user: 'U1', tell }, fail);
  await handling.run({ name: 'context', user: 'U2', tell }, () => Promise.reject(new Error('secret detail')));
  expect(told).toEqual([
    '⚠️ うまくいきませんでした: Slack に接続できません。続くときは管理者に id を伝えてください。(id: e12345)',
    '⚠️ That did not work: an internal error. If it goes on, tell an admin the id. (id: e12345)',
  ]);
  expect(lines.map(({ id, code, handler }) => ({ id, code, handler }))).toEqual([
    { id: 'e12345', code: 'slack_unreachable', handler: 'context' },
    { id: 'e12345', code: 'internal', handler: 'context' },
  ]);
});

it('survives a failure that cannot be told either', async () => {
  const { lines, handling } = setUp();
  const tell = (): Promise<never> => Promise.reject(new Error('not_in_channel'));
  await handling.run({ name: 'x', user: 'U1', tell }, () => Promise.reject(new Error('first')));
  expect(lines.map(({ msg }) => msg)).toEqual(['first', 'the failure could not be told']);
});

it('is drained when what runs has ended, also what a failure says', async () => {
  const { handling } = setUp();
  const order: string[] = [];
  let finish = (): void => {};
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  void handling.run({ name: 'x', user: 'U1' }, () => work.then(() => void order.push('worked')));
  const drained = handling.drained().then(() => order.push('drained'));
  finish();
  await drained;
  expect(order).toEqual(['worked', 'drained']);
});
