import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock.ts';
import type { Place } from '../../src/store/records.ts';
import type { NewAnswer, Store } from '../../src/store/store.ts';

/** What conversations keep beside questions and answers; the same cases on every database. */
export const conversationContract = (name: string, open: (clock: Clock) => Promise<Store>): void =>
  describe(`conversations: ${name}`, () => {
    let store: Store;
    const clock: Clock = { now: () => 5_000, sleep: async () => undefined };
    const place: Place = { team: 'T1', app: 'model-a', channel: 'C1', threadTs: '1.1' };
    const ask = async (change: Partial<NewAnswer> = {}, kind: 'question' | 'retry' = 'question'): Promise<string> => {
      const answer = { ...place, model: 'm', user: 'U1', locale: 'ja' as const, questionTs: '1.1', question: '?' };
      const asked = { ...answer, ...change };
      const { id } = await store.answers.open({ ...asked, ts: asked.questionTs, kind }, asked);
      return id;
    };
    beforeEach(async () => {
      store = await open(clock);
    });
    afterEach(() => store.close());

    it('keep what was set for a thread, apart from every other', async () => {
      expect(await store.threads.settings(place)).toEqual({});
      await store.threads.setSettings(place, 'U1', { temperature: 0.7, system: '短く\u0000' });
      await store.threads.setSettings(place, 'U2', { seed: 3, system: 'あ\ud800' });
      expect(await store.threads.settings(place)).toEqual({ seed: 3, system: 'あ\ufffd' });
      for (const other of [{ team: 'T2' }, { app: 'b' }, { channel: 'C2' }, { threadTs: '1.2' }]) {
        expect(await store.threads.settings({ ...place, ...other })).toEqual({});
      }
    });

    it('take a changed question while it waits, and keep it beside an answer that has begun', async () => {
      const [waits, begun] = [await ask(), await ask({ questionTs: '1.2' })];
      await store.answers.start(begun, 1);
      expect(await store.answers.amend(waits, '新しい')).toBe('changed');
      expect(await store.answers.amend(begun, '新しい')).toBe('begun');
      expect(await store.answers.get(waits)).toMatchObject({ question: '新しい', edited: null });
      expect(await store.answers.get(begun)).toMatchObject({ question: '?', edited: '新しい' });
    });

    it('find the answers to a message, of one app', async () => {
      const first = await ask();
      const again = await ask({}, 'retry');
      await ask({ questionTs: '1.2' });
      await ask({ app: 'model-b' });
      expect((await store.answers.ofQuestion(place, '1.1')).map(({ id }) => id)).toEqual([first, again]);
      expect(await store.answers.ofQuestion(place, '1.9')).toEqual([]);
    });

    it('remember that a question was deleted, and what was left out, and its files', async () => {
      const files = [{ name: '表.csv', text: 'a,b\u0000', cut: true }];
      const id = await ask({ files });
      await store.answers.withdraw(id);
      await store.answers.start(id, 1);
      const usage = { promptTokens: 1, completionTokens: 1, seconds: 1 };
      await store.answers.finish(id, 1, { status: 'done', text: '', finish: 'stop', usage, leftOut: 4 });
      expect(await store.answers.get(id)).toMatchObject({
        withdrawnAt: 5_000,
        leftOut: 4,
        files: [{ name: '表.csv', text: 'a,b\ufffd', cut: true }],
      });
    });
  });
