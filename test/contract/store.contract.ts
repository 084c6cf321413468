import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock.ts';
import type { SearchResult } from '../../src/search/result.ts';
import type { InboxKey, Place } from '../../src/store/records.ts';
import type { NewAnswer, NewSearch, Store } from '../../src/store/store.ts';
import { opinionsContract } from './opinions.contract.ts';

export interface StoreContract {
  /** An empty store on this clock. */
  open(clock: Clock): Promise<Store>;
  /** Another client of the same records, as another process has it. */
  again(clock: Clock): Promise<Store>;
}

const usage = { promptTokens: 3, completionTokens: 5, seconds: 0.5 };
const done = { status: 'done', text: 'いいえ。', finish: 'stop', usage } as const;

const result: SearchResult = {
  version: 1,
  corpus: 'demo',
  index: { fingerprint: 'f', builtAt: '2026-11-23T00:00:00Z', documents: 600, passages: 800 },
  run: { name: 'demo', iterations: 1_040 },
  model: null,
  text: 'ナマズ',
  spans: [],
  minimumSpan: 8,
  hits: [],
  engines: [],
  tookMs: 12,
};

/** What every adapter of the store must do; the product's promises about crashes rest on it. */
export const storeContract = (name: string, { open, again }: StoreContract) =>
  describe(`store: ${name}`, () => {
    let now = 0;
    const clock: Clock = { now: () => now, sleep: async () => {} };
    let store: Store;
    const place: Place = { team: 'T1', app: 'model-a', channel: 'C1', threadTs: '100.000001' };
    const key = (change: Partial<InboxKey> = {}): InboxKey => ({
      team: 'T1',
      app: 'model-a',
      channel: 'C1',
      ts: '100.000001',
      kind: 'question',
      ...change,
    });
    const answer = (change: Partial<NewAnswer> = {}): NewAnswer => ({
      ...place,
      model: 'demo',
      user: 'U1',
      locale: 'ja',
      questionTs: '100.000001',
      question: '地震の原因は?',
      ...change,
    });
    const search = (change: Partial<NewSearch> = {}): NewSearch => ({
      ...place,
      user: 'U1',
      locale: 'en',
      messageTs: '100.000002',
      query: { text: 'ナマズ', question: '地震の原因は?', model: 'demo' },
      ...change,
    });

    beforeEach(async () => {
      now = 1_000_000;
      store = await open(clock);
    });
    afterEach(() => store.close());

    opinionsContract(() => store);

    describe('claims', () => {
      it('opens an answer once for an event, with its delivery', async () => {
        const first = await store.answers.open(key(), answer());
        const second = await store.answers.open(key(), answer({ question: 'again' }));
        expect(first.fresh).toBe(true);
        expect(second).toEqual({ id: first.id, fresh: false, turn: null, over: null });
        expect(first.id).toMatch(/^a[0-9a-f]{20}$/);
        expect(await store.answers.get(first.id)).toEqual({
          ...answer(),
          id: first.id,
          status: 'queued',
          settings: null,
          purpose: 'chat',
          grounding: null,
          leftOut: 0,
          edited: null,
          withdrawnAt: null,
          files: null,
          turn: 1,
          attempt: 0,
          text: '',
          finish: null,
          usage: null,
          error: null,
          createdAt: 1_000_000,
          finishedAt: null,
        });
        expect(await store.deliveries.get(first.id)).toMatchObject({
          ...place,
          kind: 'answer',
          status: 'pending',
          messages: [],
          nativeStream: false,
          fence: 0,
        });
      });

      it('lets one of many claim an event', async () => {
        const other = await again(clock);
        const all = await Promise.all(
          Array.from({ length: 10 }, (_, i) => (i % 2 ? store : other).answers.open(key(), answer())),
        );
        expect(all.filter(({ fresh }) => fresh)).toHaveLength(1);
        expect(new Set(all.map(({ id }) => id)).size).toBe(1);
        await other.close();
      });

      it('tells events apart by each part of the key', async () => {
        const keys = [
          key(),
          key({ team: 'T2' }),
          key({ app: 'model-b' }),
          key({ channel: 'C2' }),
          key({ ts: '100.000002' }),
          key({ kind: 'retry' }),
        ];
        const opened = [];
        for (const each of keys) opened.push(await store.answers.open(each, answer()));
        expect(opened.every(({ fresh }) => fresh)).toBe(true);
        const found = await store.searches.open(key({ kind: 'search' }), search());
        expect(found.fresh).toBe(true);
        expect(new Set([...opened, found].map(({ id }) => id)).size).toBe(7);
      });

      it('claims nothing when the rows cannot be written', async () => {
        const broken = answer({ question: null as unknown as string });
        await expect(store.answers.open(key(), broken)).rejects.toThrow();
        expect((await store.answers.open(key(), answer())).fresh).toBe(true);
      });

      it('keeps any text as it is', async () => {
        const question = `'; drop table x; -- "q" \\ 𠮷野家 👩‍👩‍👧 \n\t$1 {"a":1}`;
        const { id } = await store.answers.open(key(), answer({ question }));
        await store.answers.start(id, 1);
        await store.answers.finish(id, 1, { ...done, text: question });
        expect(await store.answers.get(id)).toMatchObject({ question, text: question });
      });
    });

    describe('answers', () => {
      it('go from queued to running to done', async () => {
        const { id } = await store.answers.open(key(), answer());
        expect(await store.answers.start(id, 1)).toBe(true);
        expect(await store.answers.get(id)).toMatchObject({ status: 'running', attempt: 1 });
        now += 500;
        expect(await store.answers.finish(id, 1, done)).toBe(true);
        expect(await store.answers.get(id)).toMatchObject({ ...done, attempt: 1, finishedAt: 1_000_500 });
      });

      it('are fenced: an earlier run neither starts nor finishes once a later one has begun', async () => {
        const { id } = await store.answers.open(key(), answer());
        await store.answers.start(id, 1);
        expect(await store.answers.start(id, 2)).toBe(true);
        expect(await store.answers.start(id, 1)).toBe(false);
        expect(await store.answers.finish(id, 1, { ...done, text: 'late' })).toBe(false);
        expect(await store.answers.finish(id, 2, done)).toBe(true);
      });

      it('stay final', async () => {
        const { id } = await store.answers.open(key(), answer());
        await store.answers.start(id, 1);
        await store.answers.finish(id, 1, { status: 'failed', text: 'い', error: { code: 'model_failed', id: 'a1' } });
        expect(await store.answers.start(id, 2)).toBe(false);
        expect(await store.answers.finish(id, 2, done)).toBe(false);
        expect(await store.answers.get(id)).toMatchObject({
          status: 'failed',
          text: 'い',
          error: { code: 'model_failed', id: 'a1' },
        });
      });

      it('are not finished before they are started', async () => {
        const { id } = await store.answers.open(key(), answer());
        expect(await store.answers.finish(id, 1, done)).toBe(false);
        expect(await store.answers.start('a0', 1)).toBe(false);
        expect(await store.answers.get('a0')).toBeNull();
      });

      it('make a thread in the order of asking, one app at a time, and name the last app', async () => {
        const ids = [];
        for (const ts of ['100.000001', '100.000005', '100.000003']) {
          ids.push((await store.answers.open(key({ ts }), answer({ questionTs: ts }))).id);
        }
        const other = { app: 'model-b', questionTs: '100.000009' };
        await store.answers.open(key({ app: 'model-b', ts: '100.000009' }), answer(other));
        await store.answers.open(key({ ts: '200.000001' }), answer({ threadTs: '200.000001' }));
        expect((await store.answers.thread(place)).map(({ id }) => id)).toEqual(ids);
        expect((await store.answers.conversation(ids[1] as string)).map(({ id }) => id)).toEqual(ids);
        expect(await store.answers.conversation('none')).toEqual([]);
        expect(await store.answers.lastApp('T1', 'C1', '100.000001')).toBe('model-b');
        expect(await store.answers.lastApp('T1', 'C1', '200.000001')).toBe('model-a');
        expect(await store.answers.lastApp('T2', 'C1', '100.000001')).toBeNull();
      });

      it('are counted, and found when they give no sign of life', async () => {
        const { id: old } = await store.answers.open(key(), answer());
        now += 60_000;
        const { id: young } = await store.answers.open(key({ ts: '2.1' }), answer());
        expect((await store.answers.openSince(now - 30_000)).map(({ id }) => id)).toEqual([old]);
        await store.answers.start(old, 1);
        expect(await store.answers.openSince(now - 30_000)).toEqual([]);
        expect((await store.answers.openSince(now)).map(({ id }) => id)).toEqual([old, young]);
        expect(await store.answers.counts()).toEqual({
          queued: 1,
          running: 1,
          failedLastHour: 0,
          oldestQueuedAt: 1_060_000,
          failures: [],
        });
        await store.answers.finish(old, 1, { status: 'failed', text: '', error: { code: 'internal', id: 'x' } });
        expect(await store.answers.counts()).toMatchObject({
          queued: 1,
          running: 0,
          failedLastHour: 1,
          failures: [{ code: 'internal', count: 1 }],
        });
        now += 3_600_001;
        expect((await store.answers.counts()).failedLastHour).toBe(0);
      });
    });

    describe('searches', () => {
      it('keep their result as it was found', async () => {
        const { id } = await store.searches.open(key({ kind: 'search' }), search());
        expect(id).toMatch(/^s[0-9a-f]{20}$/);
        expect(await store.searches.get(id)).toMatchObject({ ...search(), status: 'queued', result: null });
        expect(await store.searches.start(id, 1)).toBe(true);
        expect(await store.searches.start(id, 2)).toBe(true);
        expect(await store.searches.finish(id, 1, { result })).toBe(false);
        expect(await store.searches.finish(id, 2, { result })).toBe(true);
        expect(await store.searches.get(id)).toMatchObject({ status: 'done', result, error: null });
        expect(await store.searches.openSince(now)).toEqual([]);
      });

      it('keep their failure', async () => {
        const { id } = await store.searches.open(key({ kind: 'search' }), search());
        await store.searches.start(id, 1);
        await store.searches.finish(id, 1, { error: { code: 'index_missing', id: 's1' } });
        expect(await store.searches.get(id)).toMatchObject({
          status: 'failed',
          result: null,
          error: { code: 'index_missing', id: 's1' },
        });
        expect((await store.searches.counts()).failedLastHour).toBe(1);
      });
    });

    describe('deliveries', () => {
      const opened = async () => (await store.answers.open(key(), answer())).id;

      it('are leased to one owner until the lease runs out', async () => {
        const id = await opened();
        const lease = await store.deliveries.lease(id, 'one', 15_000);
        expect(lease).toMatchObject({ fence: 1, delivery: { id, leaseOwner: 'one', leaseUntil: now + 15_000 } });
        expect(await store.deliveries.lease(id, 'two', 15_000)).toBeNull();
        expect(await store.deliveries.lease(id, 'one', 15_000)).toBeNull();
        now += 10_000;
        expect(await store.deliveries.renew(id, 1, 15_000)).toBe(true);
        now += 14_999;
        expect(await store.deliveries.lease(id, 'two', 15_000)).toBeNull();
        now += 1;
        expect(await store.deliveries.lease(id, 'two', 15_000)).toMatchObject({ fence: 2 });
      });

      it('refuse an owner whose lease another has taken', async () => {
        const id = await opened();
        await store.deliveries.lease(id, 'one', 1_000);
        now += 1_000;
        await store.deliveries.lease(id, 'two', 1_000);
        expect(await store.deliveries.renew(id, 1, 1_000)).toBe(false);
        expect(await store.deliveries.update(id, 1, { messages: ['9.9'] })).toBe(false);
        await store.deliveries.release(id, 1);
        expect(await store.deliveries.get(id)).toMatchObject({ leaseOwner: 'two', messages: [], fence: 2 });
      });

      it('give one of many the lease', async () => {
        const id = await opened();
        const other = await again(clock);
        const leases = await Promise.all(
          Array.from({ length: 8 }, (_, i) => (i % 2 ? store : other).deliveries.lease(id, `owner-${i}`, 1_000)),
        );
        expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
        await other.close();
      });

      it('keep what is shown, and change only what is named', async () => {
        const id = await opened();
        await store.deliveries.lease(id, 'one', 1_000);
        const change = { status: 'streaming', messages: ['1.1', '1.2'], nativeStream: true, shownAttempt: 2 } as const;
        expect(await store.deliveries.update(id, 1, { ...change, shownSeq: 7 })).toBe(true);
        expect(await store.deliveries.update(id, 1, { nativeStream: false })).toBe(true);
        expect(await store.deliveries.update(id, 1, {})).toBe(true);
        expect(await store.deliveries.get(id)).toMatchObject({ ...change, shownSeq: 7, nativeStream: false });
      });

      it('find what a message shows, by any of its messages', async () => {
        const id = await opened();
        const { id: searchId } = await store.searches.open(key({ kind: 'search' }), search());
        await store.deliveries.lease(id, 'one', 1_000);
        await store.deliveries.lease(searchId, 'one', 1_000);
        await store.deliveries.update(id, 1, { messages: ['1.1', '1.2'] });
        await store.deliveries.update(searchId, 1, { messages: ['1.3'] });
        expect((await store.answers.byMessage('T1', 'C1', '1.2'))?.id).toBe(id);
        expect((await store.searches.byMessage('T1', 'C1', '1.3'))?.id).toBe(searchId);
        expect(await store.answers.byMessage('T1', 'C1', '1.3')).toBeNull();
        expect(await store.searches.byMessage('T1', 'C1', '1.1')).toBeNull();
        expect(await store.answers.byMessage('T2', 'C1', '1.1')).toBeNull();
        expect(await store.deliveries.hasMessage('T1', 'C1', '1.3')).toBe(true);
        expect(await store.deliveries.hasMessage('T1', 'C2', '1.3')).toBe(false);
        expect(await store.deliveries.hasMessage('T1', 'C1', '1.4')).toBe(false);
      });

      it('are unheld while nobody has them and they are not final', async () => {
        const id = await opened();
        const { id: other } = await store.answers.open(key({ app: 'model-b' }), answer({ app: 'model-b' }));
        expect(await store.deliveries.unheld(['model-a'])).toEqual([id]);
        expect(await store.deliveries.unheld(['model-a', 'model-b'])).toEqual([id, other]);
        expect(await store.deliveries.unheld([])).toEqual([]);
        await store.deliveries.lease(id, 'one', 1_000);
        expect(await store.deliveries.unheld(['model-a'])).toEqual([]);
        await store.deliveries.release(id, 1);
        expect(await store.deliveries.unheld(['model-a'])).toEqual([id]);
        await store.deliveries.lease(id, 'one', 1_000);
        await store.deliveries.update(id, 2, { status: 'delivered' });
        expect(await store.deliveries.renew(id, 2, 1_000)).toBe(false);
        await store.deliveries.release(id, 2);
        now += 60_000;
        expect(await store.deliveries.unheld(['model-a'])).toEqual([]);
        expect(await store.deliveries.lease(id, 'two', 1_000)).toBeNull();
      });
    });
  });
