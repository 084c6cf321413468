import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { StatusSource } from '../../bots/admin/status-source.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import type { TestPerson } from '../support/person.ts';

const status: StatusSource = {
  models: async () => [
    { name: 'demo-3m-finetuned', state: 'up', tokensPerSecond: 41.4 },
    { name: 'demo-3m-early', state: 'down', tokensPerSecond: null },
  ],
  corpora: async () => [
    {
      name: 'demo',
      index: { state: 'ready', documents: 600, passages: 812, builtAt: '2026-11-23T12:00:00.000Z' },
      engines: { exact: true, keyword: true, vector: false },
    },
    {
      name: 'web',
      index: { state: 'building', done: 1200, total: 47_000 },
      engines: { exact: true, keyword: true, vector: true },
    },
  ],
  workers: async () => [{ host: 'gpu-1', pid: 42, queues: ['generate-demo-3m-finetuned', 'search'] }],
};
const queues = [
  { queue: 'generate-demo-3m-finetuned', waiting: 2, active: 1, failed: 0 },
  { queue: 'generate-demo-3m-early', waiting: 1, active: 0, failed: 0 },
  { queue: 'search', waiting: 0, active: 0, failed: 3 },
];

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace({ status, queues });
});
afterAll(() => bots?.close());

const run = (person: TestPerson, text: string): Promise<void> =>
  person.command(person.channel('playground').id, '/tenkyo', text);

it('tells an admin the state of everything', async () => {
  await run(bots.hanako, 'status');
  const text = await bots.whisper(bots.hanako, /Tenkyo の状態/);
  expect(text.replace(/索引 2026-11-2\d \d\d:\d\d/, '索引 …')).toBe(`*Tenkyo の状態*
モデル  demo-3m-finetuned  稼働中 · 実行 1 · 待ち 2 · 41 トークン/秒
モデル  demo-3m-early  停止中 · 実行 0 · 待ち 1
検索  demo  600 文書 / 812 節 · 完全一致 ✓ キーワード ✓ ベクトル ✗ · 索引 …
検索  web  索引を作成中 1,200/47,000
キュー  generate 待ち 3 · search 待ち 0 · 直近 1 時間の失敗 0
ワーカー  1 稼働中 · gpu-1:42 (generate-demo-3m-finetuned, search)`);
});

it('tells everybody else whether the models are up, and who the admins are', async () => {
  await run(bots.alex, 'status');
  expect(await bots.whisper(bots.alex, /Admins/)).toBe(
    `demo-3m-finetuned is up · demo-3m-early is down. Admins: <@${bots.hanako.me.id}>`,
  );
});

it('helps: an admin with everything, a member with what members may do; also with a slip of the finger', async () => {
  await run(bots.hanako, '');
  const all = await bots.whisper(bots.hanako, /使えるコマンド/);
  expect(all).toContain('`/tenkyo status`  モデル、検索、キューの状態');
  expect(all).toContain('`/tenkyo model pause MODEL`  モデルを止める');
  await run(bots.alex, 'help');
  expect(await bots.whisper(bots.alex, /Commands you can use/)).toBe(`*Commands you can use*
\`/tenkyo status\`  state of the models, the search and the queues
\`/tenkyo find TEXT\`  search the training data (you alone see the result)
\`/tenkyo help\`  this list`);
  await run(bots.hanako, 'sttaus');
  expect(await bots.whisper(bots.hanako, /sttaus/)).toContain('`/tenkyo status` でしょうか？');
  await run(bots.hanako, 'model puase demo');
  expect(await bots.whisper(bots.hanako, /puase/)).toContain('`/tenkyo model pause MODEL` でしょうか？');
  await run(bots.alex, '<!channel>');
  expect(await bots.whisper(bots.alex, /There is no command/)).toContain('&lt;!channel&gt;');
});
