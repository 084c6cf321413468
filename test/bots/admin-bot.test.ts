import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ModelStatus, StatusSource } from '../../bots/admin/status-source.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { eventually, type TestPerson } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';

const builtAt = '2026-11-23T12:00:00.000Z';
const idle = { running: 0, waiting: 0, oldestWaitingAt: null, tokensPerSecond: null };
const model = (name: string, change: Partial<ModelStatus> = {}): ModelStatus => ({
  name,
  state: 'up',
  listed: true,
  servedBy: [{ kind: 'onnx', device: 'cpu' }],
  ...idle,
  ...change,
});
const well: StatusSource = {
  models: async () => [
    model('demo-model-weights', { tokensPerSecond: 41.4 }),
    model('other', { listed: false, state: 'idle' }),
  ],
  corpora: async () => [
    {
      name: 'demo',
      index: { state: 'ready', documents: 600, passages: 812, builtAt },
      engines: { exact: true, keyword: true, vector: false },
    },
  ],
  workers: async () => [{ host: 'gpu-1', pid: 42, models: ['demo-model-weights'], search: true, index: true }],
  queues: async () => true,
};
const servers = (...up: boolean[]) =>
  [{ kind: 'servers', servers: up.map((one, at) => ({ address: `gpu-0${at + 1}:8000`, up: one })) }] as const;
const ill: StatusSource = {
  models: async () => [
    model('demo-model-weights', {
      state: 'down',
      servedBy: servers(false),
      running: 1,
      waiting: 2,
      oldestWaitingAt: Date.now() - 150_000,
    }),
    model('other-model-weights', { state: 'partly', servedBy: servers(true, false) }),
    model('nobody', { state: 'down', servedBy: [] }),
  ],
  corpora: async () => [
    {
      name: 'web',
      index: { state: 'building', done: 1200, total: 47_000 },
      engines: { exact: false, keyword: false, vector: false },
    },
    {
      name: 'far',
      index: { state: 'failed', code: 'engine_unavailable' },
      engines: { exact: false, keyword: false, vector: false },
    },
  ],
  workers: async () => [{ host: 'gpu-1', pid: 42, models: ['demo-model-weights'], search: false, index: false }],
  queues: async () => false,
};

const run = (person: TestPerson, text: string): Promise<void> =>
  person.command(person.channel('playground').id, '/tenkyo', text);
/** The last whisper to a person that has the words, as it is read. */
const told = (person: TestPerson, words: RegExp): Promise<string> =>
  eventually(
    () => {
      const event = person.live.findLast((one) => one.type === 'message' && one.message.ephemeralFor === person.me.id);
      const text = event?.type === 'message' ? readBlocks(event.message.blocks) : '';
      return words.test(text) && text.replace(/<!date\^(\d+)\^[^>]*>/g, (_, at: string) => `@${at}`);
    },
    { what: `a whisper like ${words}`, withinMs: 10_000 },
  );
const built = Date.parse(builtAt) / 1_000;

describe('the state of everything', () => {
  let bots: BotsWorkspace;
  beforeAll(async () => {
    bots = await startBotsWorkspace({ status: well });
  });
  afterAll(() => bots?.close());

  it('where all is well, says so first, and what there is in the words of people', async () => {
    await run(bots.hanako, 'status');
    const text = await told(bots.hanako, /Tenkyo の状態/);
    expect(text.replace(/@\d+ に確認/, '@now に確認')).toBe(`Tenkyo の状態
🟢 すべて動いています。
──
*モデル*
🟢 *demo-model-weights*　稼働中
CPU (ONNX) · 書いている 0 · 待ち 0 · 41 トークン/秒
アプリのないモデル: ⚪ other
──
*検索*　調べている 0 · 待ち 0
🟢 *demo*　600 文書 / 812 節
完全一致 ✓ · キーワード ✓ · ベクトル ✗ · 索引 @${built}
──
*ワーカー*　1
gpu-1 (プロセス 42): demo-model-weights の答え · 検索 · 索引作り
直近 1 時間の失敗 0 · @now に確認`);
  });

  it('tells everybody else whether the models are up, and who the admins are', async () => {
    await run(bots.alex, 'status');
    expect(await bots.whisper(bots.alex, /Admins/)).toBe(`demo-model-weights is up. Admins: <@${bots.hanako.me.id}>`);
  });
});

describe('the state of what is ill', () => {
  let bots: BotsWorkspace;
  beforeAll(async () => {
    bots = await startBotsWorkspace({ status: ill, admins: ['alex'] });
    const by = {
      team: bots.alex.bootstrap.team.id,
      actor: bots.alex.me.id,
      action: 'model pause',
      app: 'a',
      channel: 'C1',
    };
    for (const key of ['other-model-weights', 'long-gone']) {
      await bots.store.settings.change({ kind: 'model', key }, () => ({ paused: true }), { ...by, target: key });
    }
    const { team } = by;
    const place = { team, app: 'a', channel: 'C1', threadTs: '1' };
    const answer = { ...place, model: 'm', user: 'U', locale: 'en', questionTs: '1', question: '?' } as const;
    for (const ts of ['1', '2']) {
      const { id } = await bots.store.answers.open({ ...place, ts, kind: 'question' }, answer);
      await bots.store.answers.start(id, 1);
      await bots.store.answers.finish(id, 1, {
        status: 'failed',
        text: '',
        error: { code: 'model_unavailable', id: 'x' },
      });
    }
  });
  afterAll(() => bots?.close());

  it('begins with what needs a look, and names what is paused although no app or no setting names it', async () => {
    await run(bots.alex, 'status');
    const text = await told(bots.alex, /State of Tenkyo/);
    const paused = `paused by <@${bots.alex.me.id}>, @now`;
    expect(text.replace(/, @\d+/g, ', @now').replace(/as of @\d+/, 'as of @now')).toBe(`State of Tenkyo
⚠️ *To look at*
• the server of the queues does not answer
• *demo-model-weights*: cannot be reached (gpu-01:8000)
• *other-model-weights*: 1 of 2 servers cannot be reached (gpu-02:8000)
• *other-model-weights*: ⏸ ${paused}
• *nobody*: no worker answers
• no worker for: search
• *far*: the index cannot be opened (the search engine's server is not available)
• 2 failures in the last hour: the model cannot be reached × 2
──
*Models*
🔴 *demo-model-weights*　down
server gpu-01:8000 ✗ · 1 being written · 2 waiting (longest 3 min)
⏸ *other-model-weights*　up on some servers · ${paused}
servers gpu-01:8000 ✓, gpu-02:8000 ✗ · 0 being written · 0 waiting
🔴 *nobody*　down
0 being written · 0 waiting
Models without an app: ⏸ long-gone (not configured · ${paused})
──
*Search*　0 being searched · 0 waiting
🟡 *web*　building the index 1,200/47,000
🔴 *far*　the index cannot be opened (the search engine's server is not available)
──
*Workers*　1
gpu-1 (process 42): answers of demo-model-weights
2 failures in the last hour · as of @now`);
  });

  it('helps: an admin with everything by what it is about, a member with what members may do', async () => {
    const { alex, hanako } = bots;
    await run(alex, '');
    const all = await told(alex, /Commands you can use/);
    expect(all).toContain('`/tenkyo status`  state of the models, the search and the queues');
    const headings = [...all.matchAll(/^\*(.+)\*$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'Commands you can use',
      'For everybody',
      'Answers',
      'Models',
      'Channels',
      'People',
      'Training data',
      'Record and announcements',
    ]);
    expect(all).toMatch(/\*Models\*\n`\/tenkyo model list`.*\n`\/tenkyo model pause MODEL`.*\n/);
    await run(hanako, 'help');
    const mine = await told(hanako, /使えるコマンド/);
    expect(mine).toMatch(/^\*使えるコマンド\*\n`\/tenkyo find TEXT`/);
    expect(mine).not.toContain('model pause');
    await run(alex, 'sttaus');
    expect(await told(alex, /sttaus/)).toContain('Did you mean `/tenkyo status`?');
    await run(alex, 'model puase demo');
    expect(await told(alex, /puase/)).toContain('Did you mean `/tenkyo model pause MODEL`?');
    await run(hanako, '<!channel>');
    expect(await told(hanako, /というコマンドはありません/)).toContain('&lt;!channel&gt;');
  });
});
