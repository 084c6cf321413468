import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock.ts';
import type { AuditedBy } from '../../src/store/admin-store.ts';
import type { InboxKey } from '../../src/store/records.ts';
import type { NewAnswer, OpenLimits, Store } from '../../src/store/store.ts';

const entry: AuditedBy = { team: 'T1', actor: 'U1', action: 'model pause', target: 'm', app: 'a', channel: 'C1' };
const day = 86_400_000;

/** What admins set, the audit log, confirmations and limits; the same cases on every database. */
export const adminStoreContract = (
  name: string,
  {
    open,
    again,
    raw,
  }: {
    open(clock: Clock): Promise<Store>;
    /** Another process's view of the same data. */
    again(clock: Clock): Promise<Store>;
    raw(sql: string): Promise<unknown>;
  },
): void =>
  describe(`admin records: ${name}`, () => {
    let now: number;
    let store: Store;
    const clock: Clock = { now: () => now, sleep: async () => undefined };
    beforeEach(async () => {
      now = 1_000_000_000;
      store = await open(clock);
    });

    const key = (ts: string): InboxKey => ({ team: 'T1', app: 'a', channel: 'C1', ts, kind: 'question' });
    const answer = (user = 'U1'): NewAnswer => ({
      team: 'T1',
      app: 'a',
      channel: 'C1',
      threadTs: '1.1',
      model: 'm',
      user,
      locale: 'ja',
      questionTs: '1.1',
      question: '?',
    });
    const none = { questions: null, tokens: null, atOnce: null };
    const ask = (ts: string, limits: OpenLimits, user?: string) => store.answers.open(key(ts), answer(user), limits);

    it('changes a setting and writes what it was and became in one', async () => {
      const model = { kind: 'model', key: 'm' } as const;
      await store.settings.change(model, () => ({ paused: true }), entry);
      const other = await again(clock);
      expect(await other.settings.all('T1')).toEqual([
        { ...model, value: { paused: true }, changedAt: now, changedBy: 'U1' },
      ]);
      expect(await store.settings.all('T2')).toEqual([]);
      await store.settings.change(model, (before) => (before?.paused ? null : before), { ...entry, actor: 'U2' });
      expect(await other.settings.all('T1')).toEqual([]);
      const { entries, total } = await store.audit.list('T1', {}, { offset: 0, limit: 10 });
      expect(total).toBe(2);
      expect(entries).toMatchObject([
        { actor: 'U2', before: { paused: true }, after: null, outcome: 'done', at: now, channel: 'C1', app: 'a' },
        { actor: 'U1', before: null, after: { paused: true } },
      ]);
      await other.close();
    });

    it('keeps the audit log as it was written: the database refuses change, removal and emptying', async () => {
      await store.audit.add({ ...entry, outcome: 'denied', reason: 'no admin', before: null, after: null });
      for (const statement of [
        `update tenkyo.audit set actor = 'U9'`,
        'delete from tenkyo.audit',
        'truncate tenkyo.audit',
      ]) {
        await expect(raw(statement)).rejects.toThrow(/append-only/);
      }
      const { entries } = await store.audit.list('T1', {}, { offset: 0, limit: 10 });
      expect(entries).toMatchObject([{ actor: 'U1', outcome: 'denied', reason: 'no admin' }]);
    });

    it('finds entries by who, what and since, a page at a time', async () => {
      for (const [actor, action] of [
        ['U1', 'model pause'],
        ['U2', 'model resume'],
        ['U1', 'hide'],
      ] as const) {
        now += 1_000;
        await store.audit.add({ ...entry, actor, action, outcome: 'done', reason: null, before: null, after: null });
      }
      const all = { offset: 0, limit: 10 };
      const actions = async (filter: Parameters<Store['audit']['list']>[1], page = all) =>
        (await store.audit.list('T1', filter, page)).entries.map(({ action }) => action);
      expect(await actions({ actor: 'U1' })).toEqual(['hide', 'model pause']);
      expect(await actions({ action: 'model' })).toEqual(['model resume', 'model pause']);
      expect(await actions({ action: '%' })).toEqual([]);
      expect(await actions({ since: now })).toEqual(['hide']);
      expect(await actions({}, { offset: 1, limit: 1 })).toEqual(['model resume']);
      expect((await store.audit.list('T2', {}, all)).total).toBe(0);
    });

    it('lets one press of one person use a confirmation, in its place and its time', async () => {
      const by = { team: 'T1', user: 'U1', channel: 'C1' };
      const action = { command: 'model pause', args: 'm' };
      await store.confirmations.open({ id: 'one', ...by, action }, 60_000);
      expect(await store.confirmations.take('one', { ...by, user: 'U2' })).toBe('another_person');
      expect(await store.confirmations.take('one', { ...by, team: 'T2' })).toBe('another_person');
      expect(await store.confirmations.take('one', { ...by, channel: 'C2' })).toBe('another_person');
      expect(await store.confirmations.take('forged', by)).toBe('unknown');
      const other = await again(clock);
      const presses = await Promise.all(
        Array.from({ length: 8 }, (_, i) => (i % 2 ? store : other).confirmations.take('one', by)),
      );
      expect(presses.filter((press) => typeof press !== 'string')).toEqual([{ id: 'one', ...by, action }]);
      expect(presses.filter((press) => press === 'used')).toHaveLength(7);
      await store.confirmations.open({ id: 'two', ...by, action }, 60_000);
      now += 60_000;
      expect(await store.confirmations.take('two', by)).toBe('expired');
      await other.close();
    });

    it('hides and shows a document, once each', async () => {
      const document = { corpus: 'demo', source: 'ja_web', sequence: 7, documentId: 'd7' };
      expect(await store.hidden.change(document, true, entry)).toBe(true);
      expect(await store.hidden.change(document, true, entry)).toBe(false);
      expect(await store.hidden.all('T1', 'demo')).toEqual([document]);
      expect(await store.hidden.all('T1', 'other')).toEqual([]);
      expect(await store.hidden.all('T2')).toEqual([]);
      expect(await store.hidden.change(document, true, { ...entry, team: 'T2' })).toBe(true);
      expect(await store.hidden.everywhere()).toEqual([document]);
      expect(await store.hidden.change(document, false, { ...entry, team: 'T2' })).toBe(true);
      expect(await store.hidden.change(document, false, entry)).toBe(true);
      expect(await store.hidden.all('T1')).toEqual([]);
      expect((await store.audit.list('T1', {}, { offset: 0, limit: 9 })).total).toBe(2);
    });

    it('holds a person to their questions, and says when there is room again', async () => {
      const limits = { quota: { ...none, questions: 2 }, waiting: null };
      expect((await ask('1', limits)).over).toBeNull();
      now += 1_000;
      expect((await ask('2', limits)).over).toBeNull();
      const refused = await ask('3', limits);
      expect(refused).toMatchObject({ fresh: true, over: { limit: 'questions', most: 2, freeAt: now - 1_000 + day } });
      expect(await ask('3', limits)).toMatchObject({ fresh: false, over: null });
      expect(await store.answers.get(refused.id)).toBeNull();
      expect((await ask('4', limits, 'U2')).over).toBeNull();
      now += day - 1_000;
      expect((await ask('5', limits)).over).toBeNull();
      expect((await ask('6', { quota: { ...none, questions: 0 }, waiting: null })).over).toMatchObject({
        freeAt: null,
      });
    });

    it('lets one of many questions at the same moment be the last', async () => {
      const other = await again(clock);
      const limits = { quota: { ...none, questions: 3 }, waiting: null };
      const opened = await Promise.all(
        Array.from({ length: 10 }, (_, i) => (i % 2 ? store : other).answers.open(key(`m${i}`), answer(), limits)),
      );
      expect(opened.filter(({ over }) => over === null)).toHaveLength(3);
      await other.close();
    });

    it('holds a person to their tokens and to answers at once, a model to its queue', async () => {
      const atOnce = { quota: { ...none, atOnce: 1 }, waiting: null };
      const { id } = await ask('1', atOnce);
      expect((await ask('2', atOnce)).over).toEqual({ limit: 'atOnce', most: 1, freeAt: null });
      expect((await ask('3', { quota: none, waiting: 1 }, 'U2')).over).toEqual({
        limit: 'waiting',
        most: 1,
        waiting: 1,
      });
      await store.answers.start(id, 1);
      const usage = { promptTokens: 60, completionTokens: 40, seconds: 2 };
      await store.answers.finish(id, 1, { status: 'done', text: 'あ', finish: 'stop', usage });
      expect(await store.answers.usedBy('T1', 'U1')).toEqual({ questions: 1, tokens: 100, atOnce: 0 });
      expect((await ask('4', { quota: { ...none, tokens: 101 }, waiting: null })).over).toBeNull();
      const over = (await ask('5', { quota: { ...none, tokens: 100 }, waiting: null })).over;
      expect(over).toEqual({ limit: 'tokens', most: 100, freeAt: now + day });
      expect(await store.answers.pace('m')).toEqual({ tokensPerSecond: 20, secondsPerAnswer: 2 });
      expect(await store.answers.pace('other')).toBeNull();
    });

    it("knows where an answer stands among its model's, and that one has its turn", async () => {
      const ids: string[] = [];
      for (const ts of ['1', '2', '3']) ids.push((await ask(ts, { quota: none, waiting: null })).id);
      await store.answers.open(key('4'), { ...answer(), model: 'other' });
      const standings = () => Promise.all(ids.map((id) => store.answers.standing(id)));
      expect(await standings()).toEqual([1, 2, 3].map((place) => ({ place, own: 0, running: 0 })));
      await store.answers.start(ids[0]!, 1);
      expect(await standings()).toEqual([null, { place: 1, own: 0, running: 1 }, { place: 2, own: 0, running: 1 }]);
      await store.answers.cancel('T1', ids[1]!);
      expect(await standings()).toEqual([null, null, { place: 1, own: 0, running: 1 }]);
      expect(await store.answers.standing('nobody')).toBeNull();
    });

    it('cancels what waits at once and tells of what runs; never of another workspace', async () => {
      const { id: waiting } = await ask('1', { quota: none, waiting: null });
      const { id: running } = await ask('2', { quota: none, waiting: null });
      await store.answers.start(running, 1);
      expect(await store.answers.cancel('T2', running)).toBeNull();
      expect(await store.answers.cancelled([waiting, running])).toEqual([]);
      expect((await store.answers.openOf('T1', { user: 'U1' }, { offset: 0, limit: 1 })).total).toBe(2);
      expect((await store.answers.openOf('T1', { model: 'x' }, { offset: 0, limit: 1 })).total).toBe(0);
      expect(await store.answers.cancel('T1', waiting)).toBe('queued');
      expect(await store.answers.cancel('T1', running)).toBe('running');
      expect(await store.answers.get(waiting)).toMatchObject({ status: 'cancelled', finishedAt: now });
      expect(await store.answers.start(waiting, 1)).toBe(false);
      expect(await store.answers.cancelled([running])).toEqual([running]);
      expect(await store.answers.cancel('T1', waiting)).toBeNull();
    });

    it('knows which processes live', async () => {
      const facts = {
        queues: ['search'],
        models: { m: { kind: 'onnx', device: 'cpu' } as const },
        indexing: { demo: { done: 1, total: 2 } },
      };
      await store.processes.beat({ id: 'p1', host: 'h', pid: 1, facts: { ...facts, queues: [] } });
      await store.processes.beat({ id: 'p1', host: 'h', pid: 1, facts });
      expect(await store.processes.alive(10_000)).toEqual([{ id: 'p1', host: 'h', pid: 1, facts, seenAt: now }]);
      now += 10_000;
      expect(await store.processes.alive(10_000)).toEqual([]);
      await store.processes.beat({ id: 'p1', host: 'h', pid: 1, facts });
      await store.processes.gone('p1');
      expect(await store.processes.alive(10_000)).toEqual([]);
    });
  });
