import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { eventually, type TestPerson } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace();
});
afterAll(() => bots?.close());

const usage = { promptTokens: 1, completionTokens: 2, seconds: 1 };
const mention = (name: string): string => `<@${bots.hanako.bot(name).id}>`;
const ask = (text: string, person: TestPerson = bots.hanako, threadTs?: string): Promise<Message> =>
  person.send(person.channel('playground').id, `${mention('demo-model')} ${text}`, threadTs);
const answersTo = ({ channel, ts }: Message, app = 'demo-model') =>
  bots.store.answers.ofQuestion({ team: bots.hanako.bootstrap.team.id, app, channel }, ts);
const asked = (question: Message, text: string, app = 'demo-model') =>
  eventually(async () => (await answersTo(question, app)).find((answer) => answer.question === text), {
    what: `the question ${text}`,
    withinMs: 10_000,
  });
const fromBot = async (root: Message): Promise<readonly Message[]> =>
  (await bots.hanako.thread(root.channel, root.ts)).filter(({ user }) => user === bots.hanako.bot('demo-model').id);
const delivered = (id: string) =>
  eventually(async () => (await bots.store.deliveries.get(id))?.status === 'delivered', { withinMs: 10_000 });

it('answers what a question was changed to before its answer began', async () => {
  const root = await ask('地震の元因は？');
  await asked(root, '地震の元因は？');
  await bots.hanako.edit(root, `${mention('demo-model')} 地震の原因は？`);
  const { id } = await asked(root, '地震の原因は？');
  expect(await bots.answer('岩盤がずれて起こります。')).toBe(id);
  await bots.replies('demo-model', root, 1);
  expect(await answersTo(root)).toHaveLength(1);
});

it('offers another answer when the question changes after the first has begun, once, and asks what it is now', async () => {
  const root = await ask('富士山の高は？');
  const first = await bots.answer('3,776 m です。');
  await bots.replies('demo-model', root, 1);
  await bots.hanako.edit(root, `${mention('demo-model')} 富士山の高さは？`);
  await bots.whisper(bots.hanako, /答えを書き始めたあとで/);
  const offers = bots.hanako.live.filter(
    (event) => event.type === 'message' && readBlocks(event.message.blocks).includes('⟳ 変えた質問に答える'),
  );
  expect(offers).toHaveLength(1);
  const offer = offers[0]?.type === 'message' ? offers[0].message : undefined;
  expect(offer?.threadTs).toBe(root.ts);
  await bots.hanako.use(offer as Message, {
    type: 'button',
    action_id: 'answer_again',
    block_id: 'changed',
    value: first,
  });
  await asked(root, '富士山の高さは？');
  await bots.answer('3,776 メートルです。');
  await bots.replies('demo-model', root, 2);
});

it('takes back what waits when the question is deleted, without a word', async () => {
  const root = await ask('やっぱりいいです');
  const { id } = await asked(root, 'やっぱりいいです');
  await bots.hanako.remove(root);
  await delivered(id);
  expect(await bots.store.answers.get(id)).toMatchObject({ status: 'cancelled', withdrawnAt: expect.any(Number) });
  expect(await bots.store.deliveries.get(id)).toMatchObject({ messages: [] });
  await bots.answer('もう遅い');
});

it('stops an answer whose question is deleted, marks it, and keeps the question out of what follows', async () => {
  const root = await ask('はじめの質問');
  await bots.answer('はじめの答え');
  await bots.replies('demo-model', root, 1);
  const second = await ask('消す質問', bots.hanako, root.ts);
  const { id } = await asked(second, '消す質問');
  await bots.store.answers.start(id, 1);
  await bots.feed.publish(`answer-${id}`, { type: 'text', attempt: 1, seq: 1, text: '書きかけの' });
  await eventually(async () => (await fromBot(root)).some(({ text }) => text.includes('書きかけの')));
  await bots.hanako.remove(second);
  await eventually(async () => (await bots.store.answers.cancelled([id])).length > 0);
  await bots.answer({ status: 'cancelled', text: '書きかけの' });
  const shown = await bots.replies('demo-model', root, 2);
  expect(readBlocks(shown[1]?.blocks)).toContain('書きかけの\n(質問が削除されたので止めました)');
  expect(readBlocks(shown[0]?.blocks)).toContain('はじめの答え');
});

it('leaves an answer that is there when its question is deleted', async () => {
  const root = await ask('残る質問');
  const id = await bots.answer('残る答え');
  const [before] = await bots.replies('demo-model', root, 1);
  await bots.hanako.remove(root);
  await eventually(async () => (await bots.store.answers.get(id))?.withdrawnAt);
  expect((await fromBot(root))[0]).toEqual(before);
});

it('answers a question that got its mention later, and takes back one that lost it', async () => {
  const root = await bots.hanako.send(bots.hanako.channel('playground').id, '誰か教えて');
  await bots.hanako.edit(root, `${mention('demo-model')} 誰か教えて`);
  const { id } = await asked(root, '誰か教えて');
  await bots.hanako.edit(root, `${mention('other-model')} 誰か教えて`);
  await asked(root, '誰か教えて', 'other-model');
  await delivered(id);
  expect(await bots.store.answers.get(id)).toMatchObject({ status: 'cancelled', text: '' });
  await bots.answer('取り消された');
  await bots.answer('別のモデルの答え');
  await bots.replies('other-model', root, 1);
  expect(await fromBot(root)).toEqual([]);
});

it('asks anew when a changed question asks for another kind of answer', async () => {
  const root = await ask('かぜの薬は？');
  const before = await asked(root, 'かぜの薬は？');
  await bots.hanako.edit(root, `${mention('demo-model')} かぜの薬は？ --grounded`);
  const after = await eventually(async () => (await answersTo(root)).find(({ settings }) => settings?.grounded));
  expect(after.question).toBe('かぜの薬は？');
  expect(await bots.store.answers.get(before.id)).toMatchObject({ status: 'cancelled' });
  await bots.answer('取り消された');
  await bots.answer({ status: 'done', text: '資料には…', finish: 'stop', usage });
  await bots.replies('demo-model', root, 1);
});

it('lets people change and delete their own messages alone', async () => {
  const root = await ask('私の質問');
  await asked(root, '私の質問');
  await expect(bots.alex.edit(root, '別の質問')).rejects.toThrow('not_yours');
  await expect(bots.alex.remove(root)).rejects.toThrow('not_yours');
  await bots.answer('答え');
  const [answer] = await bots.replies('demo-model', root, 1);
  await expect(bots.hanako.remove(answer as Message)).rejects.toThrow('not_yours');
});
