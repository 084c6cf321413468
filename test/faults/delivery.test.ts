import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { createDelivery, type Deliverer, type DeliveryOptions } from '../../src/delivery/create-delivery.ts';
import type { MessageContent, Presenter } from '../../src/delivery/presenter.ts';
import { answerTopic, type Feed, searchTopic } from '../../src/feed/feed.ts';
import { createMemoryFeed } from '../../src/feed/memory-feed.ts';
import { createSlackClient } from '../../src/slack/client-policy.ts';
import { escapeText } from '../../src/slack/escape.ts';
import type { MethodLimit } from '../../src/slack/pacer.ts';
import { createStore } from '../../src/store/create-store.ts';
import { type EmbeddedDatabase, openPglite } from '../../src/store/pglite/open-pglite.ts';
import type { Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { openSlackDouble, type SlackDouble } from './support/slack-double.ts';

const app = 'scripted';
const logger = createLogger({ directory: null, level: 'silent' });
const usage = { promptTokens: 1, completionTokens: 1, seconds: 1 };

let root: string;
let database: EmbeddedDatabase;
let slack: SlackDouble;
let store: Store;
let feed: Feed;
let pumps: Deliverer[];
/** How the record becomes messages: by default one, the text with a block below it. */
let split: (text: string) => MessageContent[];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tenkyo-delivery-'));
  database = await openPglite({ directory: join(root, 'pg') });
  store = await createStore({ dialect: database.dialect, clock: systemClock });
  slack = await openSlackDouble(root, app);
});
afterAll(async () => {
  await slack.close();
  await database.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  feed = createMemoryFeed({ clock: systemClock });
  pumps = [];
  split = (text) => [{ text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] }];
  slack.calls.length = 0;
});
afterEach(() => Promise.all(pumps.map((pump) => pump.stop())));

const presenter: Presenter = {
  final: async ({ id }) => {
    const answer = await store.answers.get(id);
    return answer && answer.finishedAt !== null ? split(answer.text) : null;
  },
  partial: async (_, text) => ({ text: escapeText(text.slice(-3_000)) }),
  waiting: async () => '考えています…',
};

const pump = (
  owner: string,
  change: Partial<DeliveryOptions> = {},
  limits: Record<string, MethodLimit> = {},
): Deliverer => {
  // Generous, since the tests of one file share a channel.
  const generous = ['chat.postMessage', 'chat.update', 'chat.startStream', 'chat.appendStream', 'chat.stopStream'].map(
    (method) => [method, { perMinute: 6_000, burst: 100, reserve: 0 }],
  );
  const client = createSlackClient({
    token: slack.botToken,
    slackApiUrl: slack.slackApiUrl,
    clock: systemClock,
    logger,
    timeoutMs: 2_000,
    limits: { ...Object.fromEntries(generous), ...limits },
  });
  const made = createDelivery({
    store,
    feed,
    presenters: { answer: presenter, search: presenter },
    slack: (name) => (name === app ? client : null),
    apps: [app],
    clock: systemClock,
    owner,
    logger,
    timing: { leaseMs: 2_000, renewMs: 400, sweepMs: 200 },
    ...change,
  });
  pumps.push(made);
  return made;
};

const open = async (text: string): Promise<{ id: string; ts: string }> => {
  const ts = await slack.ask(text);
  const place = { team: slack.team, app, channel: slack.channel, threadTs: ts };
  const { id } = await store.answers.open(
    { team: slack.team, app, channel: slack.channel, ts, kind: 'question' },
    { ...place, model: 'm', user: slack.user, locale: 'ja', questionTs: ts, question: text },
  );
  return { id, ts };
};
const tell = (id: string, attempt: number, seq: number, text: string) =>
  feed.publish(answerTopic(id), { type: 'text', attempt, seq, text });
const finish = async (id: string, attempt: number, text: string, quietly = false) => {
  await store.answers.start(id, attempt);
  await store.answers.finish(id, attempt, { status: 'done', text, finish: 'stop', usage });
  if (!quietly) await feed.publish(answerTopic(id), { type: 'finished', attempt });
};
const until = async <Value>(look: () => Promise<Value | false | undefined | null>): Promise<Value> => {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > deadline) throw new Error('not seen within 15 s');
    await systemClock.sleep(20);
  }
};
const status = (id: string, wanted: string) =>
  until(async () => {
    const row = await store.deliveries.get(id);
    return row?.status === wanted && row;
  });
const texts = async (ts: string) => (await slack.replies(ts)).map(({ text }) => text);

describe('delivery', () => {
  it('shows text as it comes, and ends with the record', async () => {
    const { id, ts } = await open('流れ');
    pump('one').nudge(id);
    await tell(id, 1, 1, 'いい');
    await until(async () => (await texts(ts))[0] === 'いい');
    await tell(id, 1, 2, 'え。');
    await until(async () => (await texts(ts))[0] === 'いいえ。');
    await finish(id, 1, 'いいえ。');
    const row = await status(id, 'delivered');
    const [message] = await slack.replies(ts);
    expect(row.messages).toEqual([message?.ts]);
    expect(message).toMatchObject({ text: 'いいえ。', streaming: false });
    expect(message?.blocks).toHaveLength(1);
  });

  it('posts the first words at once when no more streams may begin', async () => {
    const { id, ts } = await open('流れなし');
    pump('one', {}, { 'chat.startStream': { perMinute: 1, burst: 0, reserve: 0 } }).nudge(id);
    await tell(id, 1, 1, 'いい');
    await until(async () => (await texts(ts))[0] === 'いい');
    expect(slack.calls).not.toContain('chat.startStream');
    await finish(id, 1, 'いいえ。');
    await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['いいえ。']);
  });

  it('shows the last words with the end of the stream, before the message is made whole', async () => {
    const { id, ts } = await open('終わり');
    pump('one').nudge(id);
    await tell(id, 1, 1, 'いい');
    await until(async () => (await texts(ts))[0] === 'いい');
    await slack.fault('chat.update', { kind: 'error', error: 'internal_error' }, 3);
    await tell(id, 1, 2, 'え。');
    await finish(id, 1, 'いいえ。');
    await until(async () => {
      const [message] = await slack.replies(ts);
      return message?.text === 'いいえ。' && !message.streaming && message.blocks.length === 0;
    });
    await status(id, 'delivered');
    expect((await slack.replies(ts))[0]?.blocks).toHaveLength(1);
  });

  it('finishes from the record alone when the feed is silent', async () => {
    const { id, ts } = await open('沈黙');
    pump('one').nudge(id);
    await finish(id, 1, '答え', true);
    await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['答え']);
  });

  it('writes a higher attempt into the same message', async () => {
    const { id, ts } = await open('二度目');
    pump('one').nudge(id);
    await tell(id, 1, 1, '一度目の途');
    await until(async () => (await texts(ts)).length === 1);
    await tell(id, 2, 1, '二度目');
    await until(async () => (await texts(ts))[0] === '二度目');
    await tell(id, 1, 2, '中');
    await finish(id, 2, '二度目の答え');
    await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['二度目の答え']);
  });

  it('shows nothing that has a hole in it', async () => {
    const { id, ts } = await open('穴');
    pump('one').nudge(id);
    await tell(id, 1, 2, '後半');
    await finish(id, 1, '前半と後半');
    await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['前半と後半']);
    expect(slack.calls).not.toContain('chat.startStream');
  });

  it('keeps the markup of a model from becoming Slack’s, on both roads', async () => {
    for (const nativeStreaming of [true, false]) {
      const { id, ts } = await open(`印 ${nativeStreaming}`);
      split = (text) => [{ text: text.replaceAll('<', '&lt;').replaceAll('>', '&gt;') }];
      pump(`${nativeStreaming}`, { nativeStreaming }).nudge(id);
      await tell(id, 1, 1, '<!chan');
      await tell(id, 1, 2, 'nel> 皆さん');
      await until(async () => (await texts(ts)).length === 1);
      for (const text of await texts(ts)) expect(text).not.toContain('<!channel>');
      await finish(id, 1, '<!channel> 皆さん');
      await status(id, 'delivered');
      expect(await texts(ts)).toEqual(['&lt;!channel&gt; 皆さん']);
    }
  });

  it('goes on in a second message when one is full, and takes away what the record does not need', async () => {
    const { id, ts } = await open('長い');
    const long = Array.from({ length: 400 }, (_, i) => `${i} 行目、地震の話が続きます。長い長い行です。`).join('\n');
    expect(long.length).toBeGreaterThan(9_000);
    pump('one').nudge(id);
    await tell(id, 1, 1, long.slice(0, 6_000));
    await until(async () => (await texts(ts)).length === 1);
    await tell(id, 1, 2, long.slice(6_000));
    await tell(id, 1, 3, `\n${long}`);
    await until(async () => (await texts(ts)).length >= 2);
    await finish(id, 1, '短い');
    await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['短い']);
  });

  it('makes as many messages as the record needs, in order', async () => {
    split = (text) => text.split('|').map((part) => ({ text: part }));
    const { id, ts } = await open('三つ');
    pump('one').nudge(id);
    await tell(id, 1, 1, '一|');
    await until(async () => (await texts(ts)).length === 1);
    await slack.fault('chat.postMessage', { kind: 'apply_then_500' }, 1);
    await finish(id, 1, '一|二|三');
    const row = await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['一', '二', '三']);
    expect(row.messages).toEqual((await slack.replies(ts)).map((message) => message.ts));
  });

  it('sends the text alone when Slack refuses the blocks', async () => {
    split = (text) => [{ text, blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] }];
    const { id, ts } = await open('壊れた積み木');
    pump('one').nudge(id);
    await finish(id, 1, '読める答え');
    await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['読める答え']);
  });

  it('of a search shows a status and then the result, never text on its way', async () => {
    const ts = await slack.ask('🔍');
    const place = { team: slack.team, app, channel: slack.channel, threadTs: ts };
    const { id } = await store.searches.open(
      { team: slack.team, app, channel: slack.channel, ts, kind: 'search' },
      { ...place, user: slack.user, locale: 'ja', messageTs: ts, query: { text: 'x', question: null, model: null } },
    );
    const found: Presenter = {
      ...presenter,
      final: async () => ((await store.searches.get(id))?.finishedAt ? [{ text: '見つかりません' }] : null),
    };
    pump('one', { presenters: { answer: presenter, search: found } }).nudge(id);
    await feed.publish(searchTopic(id), { type: 'progress', attempt: 1, step: 'index', done: 1, total: 2 });
    await feed.publish(searchTopic(id), { type: 'text', attempt: 1, seq: 1, text: '途中' });
    await until(async () => slack.calls.includes('assistant.threads.setStatus'));
    await store.searches.start(id, 1);
    await store.searches.finish(id, 1, { error: { code: 'index_missing', id: 'x' } });
    await feed.publish(searchTopic(id), { type: 'finished', attempt: 1 });
    await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['見つかりません']);
    expect(slack.calls.filter((method) => method.startsWith('chat.'))).toEqual(['chat.postMessage']);
  });

  it('gives up, once, when a person has deleted the message', async () => {
    const { id, ts } = await open('消された');
    pump('one').start();
    pumps[0]?.nudge(id);
    await tell(id, 1, 1, '途中');
    const [message] = await until(async () => {
      const replies = await slack.replies(ts);
      return replies.length === 1 && replies;
    });
    await slack.fault('chat.update', { kind: 'error', error: 'message_not_found' }, 1);
    await finish(id, 1, '途中まで');
    const row = await status(id, 'failed');
    expect(row).toMatchObject({ failure: 'message_not_found', messages: [message?.ts] });
  });
});

describe('the lease', () => {
  it('lets one pump deliver when many are asked', async () => {
    const { id, ts } = await open('競争');
    for (const name of ['one', 'two', 'three']) pump(name).nudge(id);
    await tell(id, 1, 1, '速');
    await finish(id, 1, '速い');
    await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['速い']);
  });

  it('stops a pump whose lease another has taken, before its next write', async () => {
    const { id, ts } = await open('奪われた');
    pump('one', { timing: { leaseMs: 2_000, renewMs: 60_000, sweepMs: 60_000 } }).nudge(id);
    await tell(id, 1, 1, '最初');
    await until(async () => (await texts(ts)).length === 1);
    await systemClock.sleep(2_100);
    const taken = await until(() => store.deliveries.lease(id, 'two', 60_000));
    const before = await texts(ts);
    slack.calls.length = 0;
    await tell(id, 1, 2, 'の続き');
    await finish(id, 1, '最初の続き');
    await pumps[0]?.stop();
    expect(slack.calls.filter((method) => method.startsWith('chat.'))).toEqual([]);
    expect(await texts(ts)).toEqual(before);
    expect((await store.deliveries.get(id))?.leaseOwner).toBe('two');
    await store.deliveries.release(id, taken.fence);
    pump('three').nudge(id);
    await status(id, 'delivered');
    expect(await texts(ts)).toEqual(['最初の続き']);
  });

  it('is taken over by the sweep of another pump, which finds a post that was never saved', async () => {
    const { id, ts } = await open('記録されない投稿');
    // What a process leaves that dies between Slack's reply and the save: a message, and a row that knows nothing of it.
    const lease = await store.deliveries.lease(id, 'dead', 100);
    expect(lease?.fence).toBe(1);
    const reply = await createSlackClient({
      token: slack.botToken,
      slackApiUrl: slack.slackApiUrl,
      clock: systemClock,
      logger,
    }).call('chat.startStream', async () => ({
      channel: slack.channel,
      thread_ts: ts,
      recipient_user_id: slack.user,
      recipient_team_id: slack.team,
      markdown_text: '途中ま',
    }));
    expect(reply.ok).toBe(true);
    pump('two').start();
    await finish(id, 1, '途中までと残り');
    const row = await status(id, 'delivered');
    const replies = await slack.replies(ts);
    expect(replies).toHaveLength(1);
    expect(replies[0]).toMatchObject({ text: '途中までと残り', streaming: false, ts: row.messages[0] });
  });

  it('is not asked for by a process without the app', async () => {
    const { id } = await open('よその');
    const other = pump('one', { slack: () => null });
    other.nudge(id);
    await other.stop();
    expect(await store.deliveries.get(id)).toMatchObject({ status: 'pending', fence: 0 });
  });
});
