import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { type Composed, compose } from './support/compose.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

describe.each([
  { road: 'native streaming', nativeStreaming: true, firstPost: 'chat.startStream' },
  { road: 'posting and editing', nativeStreaming: false, firstPost: 'chat.postMessage' },
])('Slack on a bad day, $road', ({ nativeStreaming, firstPost }) => {
  let bench: Workbench;
  let product: Composed;

  beforeAll(async () => {
    bench = await openWorkbench();
    product = await compose(bench.options({ nativeStreaming }), systemClock);
  });
  afterAll(async () => {
    await product.close();
    await bench.close();
  });
  beforeEach(() => {
    bench.slack.calls.length = 0;
  });

  it.each(['apply_then_500', 'apply_then_drop'] as const)('finds the first post again after %s', async (kind) => {
    const question = await bench.ask(`最初の投稿 ${kind}`);
    await bench.slack.fault(firstPost, { kind }, 1);
    await product.ask(question);
    await bench.delivered(question);
    expect(bench.slack.calls.filter((method) => method === firstPost)).toHaveLength(1);
    expect(bench.slack.calls).toContain('conversations.replies');
  });

  it('finds a first post whose reply came too late', async () => {
    const question = await bench.ask('遅い返事');
    await bench.slack.fault(firstPost, { kind: 'delay', ms: 1_500 }, 1);
    await product.ask(question);
    await bench.delivered(question);
    expect(bench.slack.calls.filter((method) => method === firstPost)).toHaveLength(1);
  });

  it('mends edits that were lost, cut or refused for a while', async () => {
    const question = await bench.ask('途中の失敗');
    for (const method of ['chat.update', 'chat.appendStream', 'chat.stopStream']) {
      await bench.slack.fault(method, { kind: 'apply_then_500' }, 1);
      await bench.slack.fault(method, { kind: 'apply_then_drop' }, 1);
      await bench.slack.fault(method, { kind: 'error', error: 'internal_error' }, 1);
    }
    await product.ask(question);
    await bench.delivered(question);
  });

  it('waits through a storm of 429 as long as it is told to', async () => {
    const question = await bench.ask('嵐');
    for (const method of ['chat.startStream', 'chat.postMessage', 'chat.update']) {
      await bench.slack.fault(method, { kind: 'rate_limited', retryAfter: 1 }, 2);
    }
    const began = Date.now();
    await product.ask(question);
    await bench.delivered(question);
    expect(Date.now() - began).toBeGreaterThan(2_000);
  });

  it('answers an event once that comes twice', async () => {
    const question = await bench.ask('二度');
    const [first, second] = await Promise.all([product.ask(question), product.ask(question)]);
    expect([first.fresh, second.fresh].sort()).toEqual([false, true]);
    expect(first.id).toBe(second.id);
    await bench.delivered(question);
    expect(bench.slack.calls.filter((method) => method === firstPost)).toHaveLength(1);
  });

  it('keeps several answers apart in a thread', async () => {
    const questions = await Promise.all(['一', '二', '三', '四'].map((text) => bench.ask(text)));
    await Promise.all(questions.map((question) => product.ask(question)));
    for (const question of questions) await bench.delivered(question);
  });

  it.each(nativeStreaming ? ['channel_not_found', 'token_revoked'] : ['not_in_channel', 'is_archived'])(
    'ends the delivery when Slack says %s',
    async (error) => {
      const question = await bench.ask(error);
      await bench.slack.fault(firstPost, { kind: 'error', error }, 1);
      if (nativeStreaming) await bench.slack.fault('chat.postMessage', { kind: 'error', error }, 1);
      const { id } = await product.ask(question);
      const row = await ended(product, id);
      expect(row).toMatchObject({ status: 'failed', failure: error });
      expect((await product.store.answers.get(id))?.status).toBe('done');
    },
  );
});

const ended = async ({ store }: Composed, id: string) => {
  for (;;) {
    const row = await store.deliveries.get(id);
    const answer = await store.answers.get(id);
    if (row && answer?.status === 'done' && (row.status === 'delivered' || row.status === 'failed')) return row;
    await systemClock.sleep(20);
  }
};

describe('a workspace without native streaming', () => {
  it('falls back to posting and editing, and remembers it', async () => {
    const bench = await openWorkbench();
    const product = await compose(bench.options(), systemClock);
    try {
      await bench.slack.setStreaming(false);
      for (const text of ['最初', '次']) {
        const question = await bench.ask(text);
        await product.ask(question);
        await bench.delivered(question);
      }
      expect(bench.slack.calls.filter((method) => method === 'chat.startStream')).toHaveLength(1);
    } finally {
      await product.close();
      await bench.close();
    }
  });
});
