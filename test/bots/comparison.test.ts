import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { View } from '../../playground/protocol/interactions.ts';
import type { Message } from '../../playground/protocol/messages.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { buttonOf, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace();
});
afterAll(() => bots?.close());

const channel = (): string => bots.hanako.channel('playground').id;
const app = (): string => bots.hanako.bot('tenkyo-search').id;
const names = /demo-model-weights|other-model-weights/;

/** The root that a command began: the last message of the app in the channel. */
const rootOf = (person: TestPerson, what: RegExp): Promise<Message> =>
  eventually(
    () => {
      const event = person.live.findLast(
        (one) => one.type === 'message' && one.message.user === app() && what.test(readBlocks(one.message.blocks)),
      );
      return event?.type === 'message' && event.message;
    },
    { what: 'the root of a comparison', withinMs: 10_000 },
  );
const inThread = (root: Pick<Message, 'ts'>, what: RegExp): Promise<Message> =>
  eventually(
    async () =>
      (await bots.hanako.thread(channel(), root.ts)).find(
        ({ user, blocks, ts }) => user === app() && ts !== root.ts && what.test(readBlocks(blocks)),
      ),
    { what: `a message like ${what}`, withinMs: 15_000 },
  );
const viewOf = (person: TestPerson, type: 'view_opened' | 'view_updated', what: RegExp): Promise<View> =>
  eventually(
    () => {
      const event = person.live.findLast((one) => one.type === type && what.test(readBlocks(one.view.blocks)));
      return (event?.type === 'view_opened' || event?.type === 'view_updated') && event.view;
    },
    { what: `a modal like ${what}`, withinMs: 10_000 },
  );
const wordsOf = ({ blocks }: Pick<View, 'blocks'>): string => visibleText({ blocks, text: '' } as unknown as Message);
const ballot = (value: string) => ({ vote: { vote: { type: 'radio_buttons', selected_option: { value } } } });

it('compares two answers blind: an order for each person, names after the vote, one vote each', async () => {
  const { hanako, alex, store } = bots;
  await hanako.command(channel(), '/tenkyo', 'compare 虹は*なぜ*見える?');
  await bots.whisper(hanako, /始めました/);
  const root = await rootOf(hanako, /2 つのモデルが名前を隠して/);
  await bots.answer('光が*水滴*で曲がるから。');
  await bots.answer('神さまの橋だから。');
  const ready = await inThread(root, /2 つの答えができました/);
  const shown = readBlocks(ready.blocks);
  expect(shown).toContain('虹は*なぜ*見える?');
  expect(shown).toContain('投票 0 件');
  expect(shown).not.toMatch(names);
  expect(shown).not.toMatch(/水滴|橋/);
  expect(bots.jobs.slice(-2).map((job) => job.split(' ')[0])).toEqual([
    'generate-demo-model-weights',
    'generate-other-model-weights',
  ]);

  await hanako.use(ready, buttonOf(ready.blocks, /comparison_vote/));
  const form = await viewOf(hanako, 'view_opened', /投票は 1 人 1 回/);
  const words = wordsOf(form);
  expect(words).toContain('光が*水滴*で曲がるから。');
  expect(words).toContain('神さまの橋だから。');
  expect(words).not.toMatch(names);
  await hanako.submit(form, ballot('a'));
  const after = readBlocks((await viewOf(hanako, 'view_updated', /あなたの投票/)).blocks);
  expect(after).toContain('A が良い');
  const [comparison] = await store.comparisons.recent(hanako.bootstrap.team.id, 1);
  const { id = '', team = '' } = comparison ?? {};
  const vote = await store.comparisons.voteOf(team, id, hanako.me.id);
  // What she chose is what she saw as A, whichever it was.
  const isFirst = words.indexOf('水滴') < words.indexOf('橋');
  expect(vote).toMatchObject({ winner: isFirst ? 'first' : 'second', swapped: !isFirst });
  expect(after).toMatch(isFirst ? /A\*? は `demo-model-weights`/ : /A\*? は `other-model-weights`/);
  await inThread(root, /投票 1 件/);

  // Pressed again it shows the vote; there is no second one.
  const opened = hanako.live.length;
  await hanako.use(ready, buttonOf(ready.blocks, /comparison_vote/));
  await eventually(() => hanako.live.slice(opened).some(({ type }) => type === 'view_opened'));
  expect(readBlocks((await viewOf(hanako, 'view_opened', /あなたの投票/)).blocks)).toMatch(names);

  await alex.use(ready, buttonOf(ready.blocks, /comparison_vote/));
  const english = await viewOf(alex, 'view_opened', /One vote each/);
  await alex.submit(english, ballot('both_bad'));
  expect(readBlocks((await viewOf(alex, 'view_updated', /Your vote/)).blocks)).toContain('both bad 1');
  await inThread(root, /投票 2 件/);
  expect((await store.comparisons.judged(team)).map(({ winner }) => winner).sort()).toEqual(
    [isFirst ? 'first' : 'second', 'both_bad'].sort(),
  );
});

it('compares the question of an answer from the menu, in its thread, and takes two models by name', async () => {
  const { hanako, alex } = bots;
  const question = await alex.send(channel(), `<@${alex.bot('demo-model').id}> why rainbows?`);
  await bots.answer('Light.');
  const [answer] = await bots.replies('demo-model', question, 1);
  await alex.shortcut('compare_models', answer as Message);
  await bots.whisper(alex, /Begun/);
  await bots.answer('one');
  await bots.answer('two');
  expect(readBlocks((await inThread(question, /Two answers are ready/)).blocks)).toContain('why rainbows?');
  const [latest] = await bots.store.comparisons.recent(alex.bootstrap.team.id, 1);
  expect(latest).toMatchObject({ question: 'why rainbows?', user: alex.me.id, locale: 'en', mode: 'chat' });

  await hanako.command(channel(), '/tenkyo', 'compare other-model-weights demo-model-weights 月は？');
  await bots.answer('三日月');
  await bots.answer('満月');
  const [turned] = await bots.store.comparisons.recent(alex.bootstrap.team.id, 1);
  expect(turned).toMatchObject({ question: '月は？', first: { model: 'other-model-weights' } });
});

it('shows long answers whole, one below the other', async () => {
  const { hanako } = bots;
  await hanako.command(channel(), '/tenkyo', 'compare 長い話');
  const long = `${'あ'.repeat(5_000)}終わり`;
  await bots.answer(long);
  await bots.answer('短い');
  const [latest] = await bots.store.comparisons.recent(hanako.bootstrap.team.id, 1);
  const ready = await inThread({ ts: latest?.threadTs ?? '' }, /2 つの答えができました/);
  await hanako.use(ready, buttonOf(ready.blocks, /comparison_vote/));
  const words = wordsOf(await viewOf(hanako, 'view_opened', /終わり/));
  expect(words.replaceAll('\n', '')).toContain(long);
});

it('says once that there is nothing to compare when an answer failed, and why a comparison is not taken', async () => {
  const { hanako, alex } = bots;
  await alex.command(channel(), '/tenkyo', 'compare broken');
  await bots.answer('fine');
  await bots.answer({ status: 'failed', text: '', error: { code: 'model_unavailable', id: 'f00d' } });
  const [latest] = await bots.store.comparisons.recent(alex.bootstrap.team.id, 1);
  const failed = await inThread({ ts: latest?.threadTs ?? '' }, /nothing to compare/);
  expect(readBlocks(failed.blocks)).toContain('f00d');
  expect(() => buttonOf(failed.blocks, /comparison_vote/)).toThrow();

  await alex.command(channel(), '/tenkyo', 'compare');
  await bots.whisper(alex, /Usage: `\/tenkyo compare/);
  const direct = hanako.directMessage('demo-model').id;
  await hanako.command(direct, '/tenkyo', 'compare ここでは？');
  await bots.whisper(hanako, /ここには書き込めません/);
});
