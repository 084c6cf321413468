import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { PassageContext, ReadingHistory } from '../../bots/search/ports.ts';
import type { View } from '../../playground/protocol/interactions.ts';
import type { Message } from '../../playground/protocol/messages.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { buttonOf, eventually, type TestPerson } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';
import { makeHit, makeResult } from '../support/search-result.ts';

const document = `前の文。${makeHit().text}後の文。`;
const passages: PassageContext = {
  context: async (passageId, { characters }) =>
    passageId === 'gone'
      ? null
      : {
          text: characters === 'document' ? document : document.slice(4),
          offset: characters === 'document' ? 0 : 4,
          spans: characters === 'document' ? [[0, 3]] : [],
          passage: characters === 'document' ? [4, 4 + makeHit().text.length] : [0, makeHit().text.length],
          documentLength: document.length,
        },
};
const readings: ReadingHistory = {
  history: async () => ({
    run: 'demo',
    lastIndex: 1039,
    timesRead: 3,
    iterations: [65, 400, 868, 1012],
    phases: [
      { name: 'blend', from: 0, to: 869 },
      { name: 'refined', from: 870, to: 1039 },
    ],
  }),
};
const twelve = makeResult({
  hits: Array.from({ length: 12 }, (_, index) =>
    makeHit({ rank: index + 1, title: `題 ${index + 1}`, passageId: index === 1 ? 'gone' : `p${index}` }),
  ),
});

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace({ passages, readings });
});
afterAll(() => bots?.close());

const playground = (): string => bots.hanako.channel('playground').id;
const say = (text: string, threadTs?: string): Promise<Message> => bots.hanako.send(playground(), text, threadTs);
const searches = (): string[] => bots.jobs.filter((job) => job.startsWith('search'));
const read = (message: Message | undefined): string => readBlocks(message?.blocks);

/** Reacts to a fresh message and waits for its result. */
const search = async (result = twelve): Promise<Message> => {
  const message = await say('地震の原因は？');
  await bots.hanako.react(message, 'mag');
  await bots.found(result);
  const [shown] = await bots.replies('tenkyo-search', message, 1);
  return shown as Message;
};
const modal = (person: TestPerson, what: RegExp): Promise<View> =>
  eventually(
    () => {
      const event = person.live.findLast((one) => one.type === 'view_opened' || one.type === 'view_updated');
      return event && 'view' in event && what.test(readBlocks(event.view.blocks)) && event.view;
    },
    { what: `a modal with ${what}`, withinMs: 10_000 },
  );

it("answers 🔍 on a person's message, in its thread, and tells what the query was", async () => {
  const message = await say(`<@${bots.alex.me.id}> 地震の原因は &lt;何&gt;？`);
  await bots.alex.react(message, 'mag');
  const id = await bots.found(makeResult({ model: null }));
  const [result] = await bots.replies('tenkyo-search', message, 1);
  expect(result?.threadTs).toBe(message.ts);
  expect(read(result)).toContain('Found in the training data');
  expect(await bots.store.searches.get(id)).toMatchObject({
    query: { text: '地震の原因は <何>？', question: null, model: null },
    user: bots.alex.me.id,
    locale: 'en',
    messageTs: message.ts,
  });
});

it('answers once, whoever reacts and in whichever skin, and not to other magnifying glasses', async () => {
  const message = await say('月の満ち欠けは？');
  const before = searches().length;
  await bots.hanako.react(message, 'mag_right');
  await bots.alex.react(message, 'mag::skin-tone-3');
  await bots.hanako.react(message, 'mag');
  await bots.found(makeResult());
  await bots.replies('tenkyo-search', message, 1);
  const after = await say('ここまで');
  await bots.hanako.react(after, 'mag');
  await bots.found(makeResult());
  expect(searches()).toHaveLength(before + 2);
});

it('finds a reply in a thread, and answers in that thread', async () => {
  const root = await say('根');
  const reply = await say('枝の文章', root.ts);
  await bots.hanako.react(reply, 'mag');
  const id = await bots.found(makeResult());
  const [result] = await bots.replies('tenkyo-search', root, 1);
  expect(result?.threadTs).toBe(root.ts);
  expect((await bots.store.searches.get(id))?.query.text).toBe('枝の文章');
});

it('knows its own answers: whole text, question and model', async () => {
  const root = await say(`<@${bots.hanako.bot('demo-model').id}> 質問`);
  const text = `長い答え。${'地震は岩盤がずれて起こる。'.repeat(1_200)}`;
  await bots.answer(text);
  const parts = await bots.replies('demo-model', root, 2);
  await bots.hanako.react(parts[1] as Message, 'mag');
  const id = await bots.found(makeResult());
  expect(await bots.store.searches.get(id)).toMatchObject({
    messageTs: parts[0]?.ts,
    query: { text, question: '質問', model: 'demo-model-weights' },
  });
});

it('says why there is nothing to search for', async () => {
  const shown = await search();
  await bots.hanako.react(shown, 'mag');
  expect(await bots.whisper(bots.hanako, /検索の結果です/)).toContain('元のメッセージ');
  const running = await say(`<@${bots.hanako.bot('demo-model').id}> 質問`);
  await bots.answer({ status: 'failed', text: '', error: { code: 'model_failed', id: 'a1' } });
  const [failed] = await bots.replies('demo-model', running, 1);
  await bots.hanako.react(failed as Message, 'mag');
  await bots.whisper(bots.hanako, /調べるものがありません/);
});

it('says that it failed, with an id, and tries again', async () => {
  const message = await say('虹は？');
  await bots.hanako.react(message, 'mag');
  await bots.failSearch();
  const [failed] = await bots.replies('tenkyo-search', message, 1);
  expect(read(failed)).toMatch(/^⚠️ 調べられませんでした: .*\(id: s12345\)\n\[もう一度試す\]$/);
  await bots.hanako.use(failed as Message, buttonOf(failed?.blocks ?? [], /retry/));
  await bots.found(makeResult());
  expect(read((await bots.replies('tenkyo-search', message, 2))[1])).toContain('Rank: 1');
});

it('opens a passage in its context: wider, whole, and on to the next hit', async () => {
  const shown = await search();
  await bots.hanako.use(shown, buttonOf(shown.blocks, /context/));
  const first = await modal(bots.hanako, /後の文/);
  expect(first.title).toBe('前後を見る');
  expect(
    readBlocks(first.blocks),
  ).toBe(`Search engine: Keyword Search + Vector Search | Rank: 1 | Source: ja_encyclopedia | Iteration: 1,012/1,039
*題 1* · 関連度 高 · 27 回読んだ (最初 65、最後 1,012)
文書 w1-ja_encyclopedia-001
[前後 100 字 ▾] [次へ →]
…
> 地震は、地下の*岩盤*が急に*ずれ*て、その振動が地面に伝わる現象である。
後の文。
引用に使うとき
\`\`\`
Search engine: Keyword Search + Vector Search | Rank: 1 | Source: ja_encyclopedia | Iteration: 1,012/1,039
題 1 (w1-ja_encyclopedia-001)
Run: demo
\`\`\``);
  const select = first.blocks.flatMap((block) => (block.elements as { type: string; action_id: string }[]) ?? [])[1];
  await bots.hanako.useInView(first, {
    type: 'static_select',
    action_id: String(select?.action_id),
    block_id: String(first.blocks.find(({ type }) => type === 'actions')?.block_id),
    selected_option: { value: 'document' },
  });
  const whole = await modal(bots.hanako, /\*前の文\*。\n> 地震/);
  await bots.hanako.useInView(whole, buttonOf(whole.blocks, /next/));
  const second = await modal(bots.hanako, /Rank: 2/);
  expect(readBlocks(second.blocks)).toContain('今の索引にありません');
  expect(readBlocks(second.blocks)).toContain('[文書全体 ▾] [← 前へ] [次へ →]');
});

it('tells when a document was read, in words, to each in their language', async () => {
  const shown = await search(makeResult({ model: { name: 'demo-3m-early', checkpoint: 500 } }));
  await bots.alex.use(shown, buttonOf(shown.blocks, /readings/));
  expect(readBlocks((await modal(bots.alex, /Read 3 times/)).blocks)).toBe(`*地震の起こるしくみ*
ja_encyclopedia · Document w1-ja_encyclopedia-001
Read 3 times, in 4 iterations: first in 65, last in 1,012. The run went from iteration 0 to 1,039.
blend (iterations 0–869): read in 3 iterations
refined (iterations 870–1,039): read in 1 iteration
demo-3m-early was trained up to iteration 500, so it read this in 2 of them
*All iterations*
65 · 400 · 868 · 1,012`);
});

it('lists the rest, page by page, opens one and comes back', async () => {
  const shown = await search();
  expect(read(shown)).toContain('[もっと見る (残り 7 件)]');
  await bots.hanako.use(shown, buttonOf(shown.blocks, /more/));
  const first = await modal(bots.hanako, /12 件のうち 1–10/);
  await bots.hanako.useInView(first, buttonOf(first.blocks, /list_next/));
  const second = await modal(bots.hanako, /12 件のうち 11–12/);
  await bots.hanako.useInView(second, buttonOf(second.blocks, /list_context/));
  const opened = await modal(bots.hanako, /Rank: 11[\s\S]*\[一覧に戻る\]/);
  await bots.hanako.useInView(opened, buttonOf(opened.blocks, /back/));
  await modal(bots.hanako, /12 件のうち 11–12/);
});

it('searches by the shortcut in the menu, and says when it was searched for already', async () => {
  const message = await say('虹の色は？');
  const { shortcuts } = bots.hanako.bootstrap;
  expect(shortcuts.map(({ callbackId, name }) => [callbackId, name])).toEqual([
    ['find_in_training_data', 'Find in training data'],
    ['compare_models', 'Compare models'],
  ]);
  await bots.hanako.shortcut('find_in_training_data', message);
  await bots.found(makeResult());
  await bots.replies('tenkyo-search', message, 1);
  await bots.hanako.shortcut('find_in_training_data', message);
  await bots.whisper(bots.hanako, /もう調べました/);
  const elsewhere = await bots.hanako.send(bots.hanako.channel('random').id, 'ここは？');
  await bots.hanako.shortcut('find_in_training_data', elsewhere);
  await bots.whisper(bots.hanako, /招待してください/);
});

it("shows results in a model app's direct messages too, by that app, controls and all", async () => {
  const channel = bots.alex.directMessage('demo-model').id;
  const root = await bots.alex.send(channel, 'Why?');
  await bots.answer('Because.');
  const answer = await eventually(async () =>
    (await bots.alex.thread(channel, root.ts)).find((one) => /tokens/.test(read(one))),
  );
  await bots.alex.use(answer, buttonOf(answer.blocks, /find_read/));
  await bots.found(makeResult());
  const result = await eventually(async () =>
    (await bots.alex.thread(channel, root.ts)).find((one) => /Rank: 1/.test(read(one))),
  );
  expect(result.user).toBe(bots.alex.bot('demo-model').id);
  await bots.alex.use(result, buttonOf(result.blocks, /context/));
  await modal(bots.alex, /Document w1-ja/);
  await bots.alex.react(root, 'mag');
  await bots.found(makeResult());
});

it('tells who talks to it how it is used', async () => {
  await say(`<@${bots.hanako.bot('tenkyo-search').id}> こんにちは`);
  await bots.whisper(bots.hanako, /🔍/);
});

it('shows what was read itself where the search app is not in the channel', async () => {
  const random = bots.hanako.channel('random').id;
  await bots.hanako.command(random, '/invite', '@demo-model');
  const root = await bots.hanako.send(random, `<@${bots.hanako.bot('demo-model').id}> 質問`);
  await bots.answer('答え');
  const [answer] = await bots.replies('demo-model', root, 1);
  await bots.hanako.use(answer as Message, buttonOf(answer?.blocks ?? [], /find_read/));
  await bots.found(makeResult());
  expect(read((await bots.replies('demo-model', root, 2))[1])).toContain('Rank: 1');
});
