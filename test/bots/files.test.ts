import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { eventually } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';
import { smallPdf } from '../support/small-pdf.ts';

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace();
});
afterAll(() => bots?.close());

const ask = async (text: string, files: readonly (readonly [string, string | Uint8Array])[]): Promise<Message> => {
  const ids = await Promise.all(files.map(([name, bytes]) => bots.hanako.upload(name, bytes)));
  const mention = `<@${bots.hanako.bot('demo-model').id}>`;
  return bots.hanako.send(bots.hanako.channel('playground').id, `${mention} ${text}`.trim(), undefined, ids);
};
const answerTo = (question: Message) =>
  eventually(
    async () =>
      (
        await bots.store.answers.ofQuestion(
          { team: bots.hanako.bootstrap.team.id, app: 'demo-model', channel: question.channel },
          question.ts,
        )
      )[0],
    { withinMs: 10_000, what: 'the answer' },
  );

it('takes text, code and PDF into the question, and names them under the answer', async () => {
  const root = await ask('要点は？', [
    ['メモ.md', '# 地震\n岩盤がずれて起こる。'],
    ['main.py', 'print(1 < 2)'],
    ['paper.pdf', smallPdf('Plates move.')],
  ]);
  expect((await answerTo(root)).files).toEqual([
    { name: 'メモ.md', text: '# 地震\n岩盤がずれて起こる。', cut: false },
    { name: 'main.py', text: 'print(1 < 2)', cut: false },
    { name: 'paper.pdf', text: 'Plates move.', cut: false },
  ]);
  await bots.answer('岩盤です。');
  const [answer] = await bots.replies('demo-model', root, 1);
  expect(readBlocks(answer?.blocks)).toContain('📎 読んだファイル: メモ.md、main.py、paper.pdf');
});

it('declines what it cannot read, says why once, and answers with the rest', async () => {
  const root = await ask('何ですか？', [
    ['photo.png', 'not really'],
    ['long.txt', 'あ'.repeat(25_000)],
    ['broken.pdf', '%PDF-1.4 nonsense'],
    ['large.log', 'x'.repeat((1 << 20) + 1)],
  ]);
  const { files } = await answerTo(root);
  expect(files).toMatchObject([{ name: 'long.txt', cut: true }]);
  expect(files?.[0]?.text).toHaveLength(20_000);
  const said = await bots.whisper(bots.hanako, /読みませんでした/);
  expect(said.split('\n')).toEqual([
    expect.stringMatching(/photo\.png .*テキスト、Markdown、コード、PDF だけ/),
    expect.stringMatching(/broken\.pdf .*開けません/),
    expect.stringMatching(/large\.log .*大きすぎます/),
  ]);
  const whispers = bots.hanako.live.filter((one) => one.type === 'message' && one.message.text === said);
  expect(whispers).toHaveLength(1);
  await bots.answer('長い文です。');
  const [answer] = await bots.replies('demo-model', root, 1);
  expect(readBlocks(answer?.blocks)).toContain('long.txt (はじめの部分だけ)');
});

it('sums a file up that comes without a word, and asks nothing where it could read none', async () => {
  const root = await ask('', [['a.txt', '短い文']]);
  expect(await answerTo(root)).toMatchObject({ question: 'このファイルの内容を短くまとめてください。' });
  await bots.answer('短い。');
  await bots.replies('demo-model', root, 1);
  const before = bots.jobs.length;
  await ask('', [['movie.mp4', 'xx']]);
  await bots.whisper(bots.hanako, /movie\.mp4/);
  expect(bots.jobs).toHaveLength(before);
});

it('gives a file to apps that are where it was shared, and to nobody else', async () => {
  const { hanako } = bots;
  const id = await hanako.upload('secret.txt', '秘密');
  const direct = hanako.directMessage('demo-model').id;
  await hanako.send(direct, 'これは？', undefined, [id]);
  await bots.answer('秘密です。');
  const event = await eventually(() =>
    hanako.live.find((one) => one.type === 'message' && one.message.files.length > 0),
  );
  expect(event).toBeDefined();
  const address = new URL(`files-pri/${id}/secret.txt`, bots.url);
  const get = (token: string | null) =>
    fetch(address, { redirect: 'manual', headers: token === null ? {} : { authorization: `Bearer ${token}` } });
  expect(await (await get(bots.botToken('demo-model'))).text()).toBe('秘密');
  for (const token of [null, 'xoxb-wrong', bots.botToken('other-model')]) expect((await get(token)).status).toBe(302);
  // A file stands in one message, and belongs to who sent it.
  await expect(hanako.send(direct, 'もう一度', undefined, [id])).rejects.toThrow('file_not_found');
  const other = await hanako.upload('b.txt', 'b');
  await expect(bots.alex.send(bots.alex.channel('random').id, 'mine', undefined, [other])).rejects.toThrow(
    'file_not_found',
  );
});
