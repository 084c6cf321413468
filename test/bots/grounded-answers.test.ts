import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import type { GroundingRecord } from '../../src/chat/grounding/grounding.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { makePassage } from '../support/grounding-passage.ts';
import { buttonOf } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace();
});
afterAll(() => bots?.close());

const usage = { promptTokens: 9, completionTokens: 38, seconds: 1.2 };
const about = { corpus: 'demo', documents: 600 };
const ask = (text: string): Promise<Message> =>
  bots.hanako.send(bots.hanako.channel('playground').id, `<@${bots.hanako.bot('demo-model').id}> ${text}`);
const answer = (text: string, grounding: GroundingRecord): Promise<string> =>
  bots.answer({ status: 'done', text, finish: 'stop', usage, grounding });

it('shows accepted citations with their sources, and marks the others', async () => {
  const root = await ask('地震の原因は？ --grounded');
  const id = await answer('岩盤がずれます[1]。神社が祟ります[2]。', {
    ...about,
    mode: 'generative',
    sentences: [
      { text: '岩盤がずれます。', citations: [{ number: 1, supported: true }] },
      { text: '神社が祟ります。', citations: [{ number: 2, supported: false }] },
    ],
    sources: [makePassage(1, { title: '<!channel> *地震*', url: 'https://example.org/quake' })],
  });
  expect(await bots.store.answers.get(id)).toMatchObject({
    question: '地震の原因は？',
    settings: { grounded: true, corpora: expect.any(Array) },
  });
  const [message] = await bots.replies('demo-model', root, 1);
  const said = readBlocks(message?.blocks);
  expect(said).toContain('岩盤がずれます [1]。神社が祟ります [2: 裏付けなし]。');
  expect(said).toContain(
    '[1] Source: ja_encyclopedia | Iteration: 1,012/1,039 · &lt;!channel&gt; ∗地震∗ · <https://example.org/quake|example.org>',
  );
  expect(said).not.toContain('[2] Source');
  expect(said).toContain('資料にもとづく答え (モデルが作文)');
});

it('says so where no citation was accepted', async () => {
  const root = await ask('地震の原因は？ --grounded');
  await answer('神社が祟ります。', {
    ...about,
    mode: 'generative',
    sentences: [{ text: '神社が祟ります。', citations: [] }],
    sources: [],
  });
  const [message] = await bots.replies('demo-model', root, 1);
  expect(readBlocks(message?.blocks)).toContain('資料で裏付けられた引用がありません');
});

it('offers an answer without sources where the corpus has nothing; ⟳ stays grounded', async () => {
  const root = await ask('月面基地は？ --grounded');
  await answer('', { ...about, mode: 'refused', sentences: [], sources: [] });
  const [refused] = await bots.replies('demo-model', root, 1);
  expect(readBlocks(refused?.blocks)).toContain(
    '(demo、600 文書) に、この質問に答えられる記述は見つかりませんでした。',
  );
  await bots.hanako.use(refused as Message, buttonOf(refused?.blocks ?? [], /ungrounded/));
  const free = await bots.answer('さあ。');
  const ungrounded = await bots.store.answers.get(free);
  expect(ungrounded?.question).toBe('月面基地は？');
  expect(ungrounded?.settings?.grounded ?? false).toBe(false);

  const other = await ask('虹は？ --grounded');
  await answer('「虹だ。」 [1]', { ...about, mode: 'extractive', sentences: [], sources: [makePassage(1)] });
  const [first] = await bots.replies('demo-model', other, 1);
  expect(readBlocks(first?.blocks)).toContain('「虹だ。」 [1]');
  await bots.hanako.use(first as Message, buttonOf(first?.blocks ?? [], /again/));
  const again = await answer('「虹だ。」 [1]', {
    ...about,
    mode: 'extractive',
    sentences: [],
    sources: [makePassage(1)],
  });
  expect(await bots.store.answers.get(again)).toMatchObject({ settings: { grounded: true } });
});
