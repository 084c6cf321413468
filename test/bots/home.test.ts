import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { View } from '../../playground/protocol/interactions.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { buttonOf, eventually, type TestPerson } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';

const idle = { listed: true, servedBy: [], running: 0, waiting: 0, oldestWaitingAt: null };
let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace({
    status: {
      models: async () => [
        { ...idle, name: 'demo_*model*', state: 'up', tokensPerSecond: 41.4 },
        { ...idle, name: 'other', state: 'down', tokensPerSecond: null },
      ],
      corpora: async () => [],
      workers: async () => [],
      queues: async () => true,
    },
  });
});
afterAll(() => bots?.close());

const publishedTo = (person: TestPerson): View[] =>
  person.live.flatMap((event) => (event.type === 'home_published' ? [event.view] : []));
/** Opens the Home tab and waits for what the app publishes then. */
const homeOf = async (person: TestPerson, app: string): Promise<View> => {
  const before = publishedTo(person).length;
  await person.openHome(app);
  return eventually(() => publishedTo(person)[before], { what: `the Home tab of ${app}`, withinMs: 10_000 });
};
const vote = async (user: string, first: string, second: string, ts: string, winner: 'first' | 'tie') => {
  const team = bots.hanako.bootstrap.team.id;
  const place = { team, app: 'tenkyo-search', channel: 'C1' };
  const side = (name: string) => ({ name, model: 'demo-model-weights', settings: {} });
  const { comparison } = await bots.store.comparisons.open(
    { ...place, ts },
    {
      ...place,
      threadTs: ts,
      questionTs: ts,
      user,
      locale: 'ja',
      mode: 'chat',
      question: 'q',
      first: side(first),
      second: side(second),
    },
  );
  await bots.store.comparisons.vote({ team, comparisonId: comparison.id, user, winner, swapped: false });
};

it('shows each person how to use the app, what is theirs and the models; the state to admins alone', async () => {
  const { hanako, alex } = bots;
  await hanako.send(hanako.channel('playground').id, `<@${hanako.bot('demo-model').id}> 虹は？`);
  await bots.answer('光です。');
  const mine = readBlocks((await homeOf(hanako, 'tenkyo-search')).blocks);
  expect(mine).toContain('投稿に 🔍 を付けると');
  expect(mine).toContain('質問 1 · 検索 0');
  expect(mine).toContain('*demoˍ∗model∗* · 稼働中 · 41 トークン/秒');
  expect(mine).toContain('*other* · 停止中');
  expect(mine).toContain('まだ投票がありません');
  expect(mine).toContain('管理者だけに見えます');
  expect(mine).toContain('Tenkyo の状態');
  const theirs = readBlocks((await homeOf(alex, 'demo-model')).blocks);
  expect(theirs).toContain(`Write a question after <@${alex.bot('demo-model').id}>`);
  expect(theirs).toContain('0 questions · 0 searches');
  expect(theirs).not.toMatch(/Only admins|🔍/);
});

it('shows the table of comparisons with its intervals, and groups that never met apart', async () => {
  const { hanako, alex } = bots;
  await vote(hanako.me.id, 'calm', 'lively', '1.1', 'first');
  await vote(alex.me.id, 'calm', 'lively', '1.2', 'first');
  const one = readBlocks((await homeOf(alex, 'tenkyo-search')).blocks);
  expect(one).toMatch(/1\. `calm` {2}\*1,\d{3}\* \([\d,]+–[\d,]+\) · 2 won, 0 lost, 0 tied/);
  expect(one).toMatch(/2\. `lively` {2}\*\d{3}\*/);
  expect(one).not.toContain('Group');
  await vote(alex.me.id, 'base', 'early', '1.3', 'tie');
  const home = await homeOf(alex, 'tenkyo-search');
  const two = readBlocks(home.blocks);
  expect(two).toMatch(/Group 1_[\s\S]*1\. `base` {2}\*1,000\*[\s\S]*Group 2_[\s\S]*1\. `calm`/);
  expect(two).toContain('never compared');
  expect(two).toContain('2 comparisons · 2 votes');

  const before = publishedTo(alex).length;
  await alex.useInView(home, buttonOf(home.blocks, /home_refresh/));
  expect(readBlocks((await eventually(() => publishedTo(alex)[before])).blocks)).toBe(two);
});

it('forgets a person who asks for it and confirms it, says what went and what stays, and nobody else', async () => {
  const { hanako, alex, store } = bots;
  const team = hanako.bootstrap.team.id;
  const channel = hanako.channel('playground').id;
  await alex.command(channel, '/tenkyo', 'forget-me');
  expect(await bots.whisper(alex, /cannot be undone/)).toContain('2 comparisons · 2 votes');
  const asked = alex.live.findLast((one) => one.type === 'message' && one.message.ephemeralFor === alex.me.id);
  const message = asked?.type === 'message' ? asked.message : undefined;
  if (!message) throw new Error('nothing to confirm');
  expect((await store.people.counts(team, alex.me.id)).votes).toBe(2);
  await alex.use(message, buttonOf(message.blocks, /admin_confirm/));
  expect(await bots.whisper(alex, /Removed/)).toContain('What stays');
  expect(await store.people.counts(team, alex.me.id)).toEqual({
    answers: 0,
    searches: 0,
    feedback: 0,
    flags: 0,
    comparisons: 0,
    votes: 0,
  });
  expect((await store.people.counts(team, hanako.me.id)).answers).toBe(3);
  const { entries } = await store.audit.list(team, { action: 'forget-me' }, { offset: 0, limit: 5 });
  expect(entries).toMatchObject([{ actor: alex.me.id, outcome: 'done', before: { votes: 2 }, after: null }]);
});
