import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { buttonOf, eventually } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace();
});
afterAll(() => bots?.close());

const mention = (name: string, text = ''): string => `<@${bots.hanako.bot(name).id}> ${text}`.trim();
const playground = (): string => bots.hanako.channel('playground').id;
const read = (message: Message | undefined): string => readBlocks(message?.blocks);
const ask = (text: string, threadTs?: string): Promise<Message> => bots.hanako.send(playground(), text, threadTs);

it('answers a mention once, in its thread, with the controls that work', async () => {
  const question = await ask(mention('demo-model', '地震の原因は？'));
  await bots.answer('いいえ。**岩盤**がずれて起こります。');
  const [answer, ...more] = await bots.replies('demo-model', question, 1);
  expect(more).toEqual([]);
  expect(read(answer)).toBe(`いいえ。**岩盤**がずれて起こります。
[👍] [👎]
[🔍 何を読んだか調べる] [⟳ もう一度] [⚙ 設定]
demo-model-weights · 1.2 秒 · 38 トークン`);
  expect(bots.jobs.at(-1)).toMatch(/^generate-demo-model-weights a/);
  const [record] = await bots.store.answers.thread({
    team: bots.hanako.bootstrap.team.id,
    app: 'demo-model',
    channel: playground(),
    threadTs: question.ts,
  });
  expect(record).toMatchObject({
    question: '地震の原因は？',
    user: bots.hanako.me.id,
    locale: 'ja',
    questionTs: question.ts,
  });
});

it('follows a thread without a mention, and leaves it to the app mentioned last', async () => {
  const before = bots.jobs.length;
  const root = await ask(mention('demo-model', '一つ目'));
  await bots.answer('答え 1');
  await ask('続きは？', root.ts);
  await bots.answer('答え 2');
  await bots.replies('demo-model', root, 2);
  await ask(mention('other-model', 'あなたは？'), root.ts);
  await bots.answer('答え 3');
  await ask('それから？', root.ts);
  await bots.answer('答え 4');
  expect((await bots.replies('other-model', root, 2)).map(read)).toEqual([
    expect.stringContaining('答え 3'),
    expect.stringContaining('答え 4'),
  ]);
  expect(await bots.replies('demo-model', root, 2)).toHaveLength(2);
  expect(bots.jobs).toHaveLength(before + 4);
});

it('leaves alone what is said to others, in other threads and by bots', async () => {
  const before = bots.jobs.length;
  const quiet = await ask('ただの話');
  await ask('返事', quiet.ts);
  const root = await ask(mention('demo-model', '質問'));
  await bots.answer(`mention me: ${mention('demo-model')}`);
  await bots.replies('demo-model', root, 1);
  await ask(`<@${bots.alex.me.id}> どう思う？`, root.ts);
  await ask('続き', root.ts);
  await bots.answer('はい');
  await bots.replies('demo-model', root, 2);
  expect(bots.jobs).toHaveLength(before + 2);
});

it('answers every direct message, each in its own thread, and in the language of the person', async () => {
  const channel = bots.alex.directMessage('demo-model').id;
  const first = await bots.alex.send(channel, 'What causes earthquakes?');
  await bots.answer('Rock slips.');
  const reply = await eventually(async () => {
    const [, message] = await bots.alex.thread(channel, first.ts);
    return message && /38 tokens/.test(read(message)) && message;
  });
  expect(read(reply)).toBe(`Rock slips.
[👍] [👎]
[🔍 What did it read?] [⟳ Again] [⚙ Settings]
demo-model-weights · 1.2 s · 38 tokens`);
});

it('says how it is used when nothing was asked', async () => {
  const before = bots.jobs.length;
  await ask(mention('demo-model'));
  expect(await bots.whisper(bots.hanako, /質問を書いてください/)).toContain(`<@${bots.hanako.bot('demo-model').id}>`);
  expect(bots.jobs).toHaveLength(before);
});

it('writes again below on ⟳, and keeps the first answer', async () => {
  const root = await ask(mention('demo-model', '質問'));
  await bots.answer('一度目');
  const [first] = await bots.replies('demo-model', root, 1);
  await bots.hanako.use(first as Message, buttonOf(first?.blocks ?? [], /again/));
  await bots.answer('二度目');
  const texts = (await bots.replies('demo-model', root, 2)).map(read);
  expect(texts[0]).toContain('一度目');
  expect(texts[1]).toContain('二度目');
});

it('says what failed with an id, and tries again', async () => {
  const root = await ask(mention('demo-model', '質問'));
  await bots.answer({ status: 'failed', text: '途中まで', error: { code: 'model_unavailable', id: 'a1b2c3' } });
  const [failed] = await bots.replies('demo-model', root, 1);
  expect(read(failed)).toBe(`途中まで
⚠️ 答えられませんでした: モデルに接続できません。しばらくしてもう一度試すか、管理者に id を伝えてください。(id: a1b2c3)
[もう一度試す]`);
  await bots.hanako.use(failed as Message, buttonOf(failed?.blocks ?? [], /again/));
  await bots.answer('今度は答え');
  expect(read((await bots.replies('demo-model', root, 2))[1])).toContain('今度は答え');
});

it('opens one search for an answer, whoever presses 🔍 and however often', async () => {
  const root = await ask(mention('demo-model', '質問'));
  await bots.answer('答え');
  const [answer] = await bots.replies('demo-model', root, 1);
  const button = buttonOf(answer?.blocks ?? [], /find_read/);
  await bots.hanako.use(answer as Message, button);
  await bots.alex.use(answer as Message, button);
  expect(await bots.whisper(bots.alex, /already/)).toContain('its thread');
  await bots.hanako.react(answer as Message, 'mag');
  await ask('続き', root.ts);
  await bots.answer('答え');
  expect(bots.jobs.filter((job) => job.startsWith('search'))).toHaveLength(1);
});

it('keeps a question whose job could not be queued: the sweeper finds it', async () => {
  bots.breakQueue(new Error('no queue'));
  const root = await ask(mention('demo-model', '質問'));
  const open = await eventually(async () =>
    (await bots.store.answers.openSince(Date.now())).find((one) => one.questionTs === root.ts),
  );
  bots.breakQueue(null);
  await bots.store.answers.start(open.id, 1);
  const usage = { promptTokens: 1, completionTokens: 2, seconds: 1 };
  await bots.store.answers.finish(open.id, 1, { status: 'done', text: '間に合った', finish: 'stop', usage });
  expect(read((await bots.replies('demo-model', root, 1))[0])).toContain('間に合った');
});
