import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock.ts';
import type { OpenLimits } from '../../src/store/limits.ts';
import type { NewAnswer, Store } from '../../src/store/store.ts';

const minute = 60_000;

/** Whose answer comes when; the same cases on every database. */
export const turnsContract = (
  name: string,
  { open, again }: { open(clock: Clock): Promise<Store>; again(clock: Clock): Promise<Store> },
): void =>
  describe(`turns: ${name}`, () => {
    let now: number;
    let store: Store;
    let asked: number;
    const clock: Clock = { now: () => now, sleep: async () => undefined };
    beforeEach(async () => {
      now = 1_000_000_000;
      asked = 0;
      store = await open(clock);
    });
    afterEach(() => store.close());

    const ask = (user: string, change: Partial<NewAnswer> = {}, running: number | null = null, by = store) => {
      asked += 1;
      const ts = String(asked);
      const place = { team: 'T1', app: 'a', channel: 'C1', threadTs: ts };
      const limits: OpenLimits = { quota: { questions: null, tokens: null, atOnce: null }, waiting: null, running };
      return by.answers.open(
        { team: 'T1', app: 'a', channel: 'C1', ts, kind: 'question' },
        { ...place, model: 'm', user, locale: 'ja', questionTs: ts, question: '?', ...change },
        limits,
      );
    };
    const turnsOf = async (user: string, count: number): Promise<(number | null)[]> => {
      const turns: (number | null)[] = [];
      for (let left = count; left > 0; left -= 1) turns.push((await ask(user)).turn);
      return turns;
    };
    const end = async (id: string): Promise<void> => {
      await store.answers.start(id, 1);
      const usage = { promptTokens: 1, completionTokens: 1, seconds: 1 };
      await store.answers.finish(id, 1, { status: 'done', text: 'あ', finish: 'stop', usage });
    };

    it('lets everybody who waits be served once before anybody is served twice', async () => {
      expect(await turnsOf('U1', 5)).toEqual([1, 2, 3, 4, 5]);
      expect(await turnsOf('U2', 2)).toEqual([1, 2]);
      expect(await turnsOf('U3', 1)).toEqual([1]);
      const { answers } = await store.answers.openOf('T1', {}, { offset: 0, limit: 10 });
      expect(answers.map(({ turn }) => turn)).toEqual([1, 2, 3, 4, 5, 1, 2, 1]);
    });

    it('has who comes new join the turn that is being served, so that who waits longer is not overtaken for ever', async () => {
      const first = await ask('U1');
      const second = await ask('U1');
      await turnsOf('U1', 2);
      await end(first.id);
      await store.answers.start(second.id, 1);
      expect((await ask('U2')).turn).toBe(2);
      // Asking again at once is no way around those who wait.
      expect((await ask('U2')).turn).toBe(3);
      await end(second.id);
      expect(await turnsOf('U3', 2)).toEqual([2, 3]);
    });

    it('counts an answer that has just ended, and forgets it after a while', async () => {
      const { id } = await ask('U1');
      await end(id);
      expect((await ask('U1')).turn).toBe(2);
      now += 11 * minute;
      const later = { model: 'other' };
      expect((await ask('U1', later)).turn).toBe(1);
      for (const answer of (await store.answers.openOf('T1', {}, { offset: 0, limit: 9 })).answers) {
        await store.answers.cancel('T1', answer.id);
      }
      now += 11 * minute;
      expect((await ask('U1')).turn).toBe(1);
    });

    it('keeps models and workspaces apart', async () => {
      await turnsOf('U1', 3);
      expect((await ask('U1', { model: 'other' })).turn).toBe(1);
      expect((await ask('U1', { team: 'T2' })).turn).toBe(1);
    });

    it('holds back what goes over the answers of one person under way, whatever model, until one has ended', async () => {
      const ids: string[] = [];
      const turns: (number | null)[] = [];
      for (const model of ['m', 'other', 'm', 'm']) {
        const { id, turn } = await ask('U1', { model }, 2);
        ids.push(id);
        turns.push(turn);
      }
      expect(turns).toEqual([1, 1, null, null]);
      expect((await ask('U2', {}, 2)).turn).toBe(1);
      const [first, , third, fourth] = ids as [string, string, string, string];
      expect(await store.answers.giveTurns({ team: 'T1', user: 'U1' }, 2)).toEqual([]);
      expect(await store.answers.standing(third)).toMatchObject({ own: 2, running: 0, place: 3 });
      expect(await store.answers.standing(fourth)).toMatchObject({ own: 3, place: 4 });
      await end(first);
      expect(await store.answers.giveTurns({ team: 'T1', user: 'U1' }, 2)).toEqual([
        { id: third, model: 'm', turn: 2 },
      ]);
      expect(await store.answers.standing(third)).toMatchObject({ own: 0, place: 2 });
      expect(await store.answers.get(third)).toMatchObject({ turn: 2 });
      // Where nothing is held back any more, all of them begin.
      expect(await store.answers.giveTurns({ team: 'T1', user: 'U1' }, null)).toEqual([
        { id: fourth, model: 'm', turn: 3 },
      ]);
      expect(await store.answers.giveTurns({ team: 'T1', user: 'U1' }, 2)).toEqual([]);
    });

    it('holds back no more than that of what is asked at the same moment in two processes', async () => {
      const other = await again(clock);
      const opened = await Promise.all(Array.from({ length: 10 }, (_, at) => ask('U1', {}, 2, at % 2 ? store : other)));
      const given = opened.flatMap(({ turn }) => turn ?? []);
      expect(given.toSorted((a, b) => a - b)).toEqual([1, 2]);
      for (const { id } of opened.filter(({ turn }) => turn !== null)) await end(id);
      const both = await Promise.all([store, other].map((one) => one.answers.giveTurns({ team: 'T1', user: 'U1' }, 2)));
      expect(both.flat().map(({ turn }) => turn)).toHaveLength(2);
      await other.close();
    });

    it('holds back no question set and no comparison', async () => {
      await ask('U1', {}, 1);
      const claim = { team: 'T1', app: 'a', channel: 'C1', ts: 'x', kind: 'question' } as const;
      const place = { team: 'T1', app: 'a', channel: 'C1', threadTs: 'x' };
      const answer = { ...place, model: 'm', user: 'U1', locale: 'ja', questionTs: 'x', question: '?' } as const;
      expect(await store.answers.openUnsent(claim, { ...answer, purpose: 'eval' })).toMatchObject({ turn: 2 });
      // They are no conversation, so they hold nothing back either.
      expect((await ask('U1', {}, 2)).turn).toBe(3);
    });
  });
