import { describe, expect, it } from '@jest/globals';
import type { ExportKind, ExportRecords } from '../../src/store/export-records.ts';
import type { Entrant, Feedback, NewComparison } from '../../src/store/feedback-records.ts';
import type { Store } from '../../src/store/store.ts';

const place = { team: 'T1', app: 'model-a', channel: 'C1', threadTs: '100.000001' };
const entrant = (name: string): Entrant => ({ name, model: 'demo', settings: { temperature: 0.8, seed: 1 } });
const hostile = 'a\u0000b\ud800c\u2028d';
const kept = 'a\ufffdb\ufffdc\u2028d';

/** What people think, in every adapter of the store. */
export const opinionsContract = (store: () => Store) =>
  describe('opinions', () => {
    const ask = async (user = 'U1', ts = '100.000001'): Promise<string> => {
      const key = { ...place, ts, kind: 'question' } as const;
      const answer = { ...place, model: 'demo', user, locale: 'ja', questionTs: ts, question: hostile } as const;
      return (await store().answers.open(key, answer)).id;
    };
    const feedback = (answerId: string, change: Partial<Feedback> = {}): Feedback => ({
      team: 'T1',
      answerId,
      user: 'U1',
      verdict: 'down',
      tags: ['wrong_fact', 'other'],
      comment: hostile,
      better: '岩盤です。',
      ...change,
    });
    const comparison = (change: Partial<NewComparison> = {}): NewComparison => ({
      ...place,
      user: 'U1',
      locale: 'ja',
      mode: 'chat',
      question: hostile,
      questionTs: '100.000001',
      first: entrant('one'),
      second: entrant('two'),
      ...change,
    });
    const compare = (ts = '1.1', change: Partial<NewComparison> = {}) =>
      store().comparisons.open({ team: 'T1', app: 'model-a', channel: 'C1', ts }, comparison(change));

    it('keeps one opinion a person and answer, the last', async () => {
      const id = await ask();
      expect((await store().answers.get(id))?.question).toBe(kept);
      expect(await store().feedback.get('T1', id, 'U1')).toBeNull();
      await store().feedback.save(feedback(id));
      expect(await store().feedback.get('T1', id, 'U1')).toEqual(feedback(id, { comment: kept }));
      await store().feedback.save(feedback(id, { verdict: 'up', tags: [], comment: '', better: '' }));
      await store().feedback.save(feedback(id, { user: 'U2' }));
      expect(await store().feedback.counts({ team: 'T1' })).toEqual([{ model: 'demo', up: 1, down: 1 }]);
      expect(await store().feedback.counts({ team: 'T1', user: 'U1' })).toEqual([{ model: 'demo', up: 1, down: 0 }]);
      expect(await store().feedback.counts({ team: 'T2' })).toEqual([]);
    });

    it('keeps a verdict on a passage when it is reported, and the report when the verdict changes', async () => {
      const key = { team: 'T1', searchId: 's1', rank: 1, user: 'U1' };
      const of = { ...key, corpus: 'demo', documentId: 'd', passageId: 'd#1' };
      await store().flags.save({ ...of, verdict: 'bad' });
      await store().flags.save({ ...of, report: hostile });
      expect(await store().flags.get(key)).toEqual({ ...of, verdict: 'bad', report: kept });
      await store().flags.save({ ...of, verdict: 'good' });
      expect(await store().flags.get(key)).toMatchObject({ verdict: 'good', report: kept });
    });

    it('opens a comparison once, with two answers that are asked as its sides say', async () => {
      const { fresh, comparison: opened } = await compare();
      expect(fresh).toBe(true);
      expect((await compare()).fresh).toBe(false);
      expect(await store().comparisons.get(opened.id)).toEqual(opened);
      expect(opened).toMatchObject({ question: kept, first: entrant('one'), second: entrant('two') });
      for (const id of [opened.firstAnswer, opened.secondAnswer]) {
        expect(await store().answers.get(id)).toMatchObject({
          model: 'demo',
          status: 'queued',
          purpose: 'comparison',
          settings: { temperature: 0.8, seed: 1 },
          threadTs: id,
        });
        expect(await store().deliveries.get(id)).toBeNull();
      }
      expect(await store().deliveries.get(opened.id)).toMatchObject({ kind: 'comparison', status: 'pending' });
      expect(await store().answers.lastApp('T1', 'C1', '100.000001')).toBeNull();
      const { comparison: continued } = await compare('1.2', { mode: 'continuation' });
      expect((await store().answers.get(continued.firstAnswer))?.settings).toMatchObject({ continuation: true });
      expect((await store().comparisons.recent('T1', 5)).map(({ id }) => id)).toEqual([continued.id, opened.id]);
    });

    it('counts one vote a person, the first', async () => {
      const { comparison: opened } = await compare();
      const vote = { team: 'T1', comparisonId: opened.id, user: 'U1', winner: 'first', swapped: true } as const;
      expect(await store().comparisons.voteOf('T1', opened.id, 'U1')).toBeNull();
      expect(await store().comparisons.vote(vote)).toBe(true);
      expect(await store().comparisons.vote({ ...vote, winner: 'both_bad' })).toBe(false);
      expect(await store().comparisons.vote({ ...vote, user: 'U2', winner: 'tie' })).toBe(true);
      expect(await store().comparisons.voteOf('T1', opened.id, 'U1')).toEqual(vote);
      expect(await store().comparisons.tally(opened.id)).toEqual({ first: 1, second: 0, tie: 1, both_bad: 0 });
      expect(await store().comparisons.judged('T1')).toEqual([
        { comparisonId: opened.id, first: 'one', second: 'two', winner: 'first' },
        { comparisonId: opened.id, first: 'one', second: 'two', winner: 'tie' },
      ]);
      expect(await store().comparisons.judged('T2')).toEqual([]);
    });

    it('opens no comparison that a limit is against, and gives both of its answers a turn', async () => {
      const limits = { quota: { questions: 2, tokens: null, atOnce: null }, waiting: null, running: 1 };
      const open = (ts: string) =>
        store().comparisons.open({ team: 'T1', app: 'model-a', channel: 'C1', ts }, comparison(), limits);
      const first = await open('1.1');
      expect(first).toMatchObject({ fresh: true, over: null });
      for (const [side, id] of [first.comparison.firstAnswer, first.comparison.secondAnswer].entries()) {
        expect((await store().answers.get(id))?.turn).toBe(first.turns[side]);
      }
      const second = await open('1.2');
      expect(second).toMatchObject({ fresh: true, over: { limit: 'questions', most: 2 } });
      expect(await store().comparisons.get(second.comparison.id)).toBeNull();
      expect((await open('1.2')).fresh).toBe(false);
    });

    it('gives everything that was said for export, page by page, with who was told of it', async () => {
      const all = async <Kind extends ExportKind>(kind: Kind): Promise<ExportRecords[Kind][]> =>
        Array.fromAsync(store().exports.read(kind));
      const finish = async (id: string, text: string): Promise<void> => {
        await store().answers.start(id, 1);
        const usage = { promptTokens: 1, completionTokens: 2, seconds: 0.5 };
        await store().answers.finish(id, 1, { status: 'done', text, finish: 'stop', usage });
      };
      // More than a page.
      const ids: string[] = [];
      for (let n = 0; n < 230; n += 1) ids.push(await ask('U1', `100.${String(n).padStart(6, '0')}`));
      expect(await all('answers')).toEqual([]);
      for (const id of ids) await finish(id, `answer ${id}`);
      expect((await all('answers')).map(({ id }) => id)).toEqual(ids);
      expect((await all('answers'))[0]).toMatchObject({ question: kept, status: 'done', told: false });

      await store().feedback.save(feedback(ids[2] as string, { user: 'U2' }));
      await store().people.noticeOnce('T1', 'U2');
      expect((await all('feedback')).map(({ told }) => told)).toEqual([false]);
      await store().people.noticeOnce('T1', 'U1');
      const turns = [0, 1].map((n) => ({ question: kept, answer: `answer ${ids[n]}` }));
      expect(await all('feedback')).toMatchObject([
        { told: true, user: 'U2', tags: ['wrong_fact', 'other'], answer: { id: ids[2], user: 'U1' }, turns },
      ]);

      const { comparison: opened } = await compare();
      await finish(opened.firstAnswer, 'one');
      await finish(opened.secondAnswer, 'two');
      const vote = { team: 'T1', comparisonId: opened.id, user: 'U2', winner: 'first', swapped: true } as const;
      await store().comparisons.vote(vote);
      expect(await all('preferences')).toMatchObject([
        { ...vote, told: true, firstText: 'one', secondText: 'two', comparison: opened },
      ]);

      const query = { text: 'ナマズ', question: null, model: null };
      const key = { ...place, ts: '5.5', kind: 'search' } as const;
      const { id: searchId } = await store().searches.open(key, {
        ...place,
        user: 'U1',
        locale: 'ja',
        messageTs: '5.5',
        query,
      });
      const flag = { team: 'T1', searchId, rank: 1, user: 'U3', corpus: 'demo', documentId: 'd', passageId: 'd#1' };
      await store().flags.save({ ...flag, verdict: 'bad' });
      expect(await all('flags')).toMatchObject([{ ...flag, verdict: 'bad', report: null, query, told: false }]);
    });

    it('shows its notice once a person', async () => {
      expect(await store().people.noticeOnce('T1', 'U1')).toBe(true);
      expect(await store().people.noticeOnce('T1', 'U1')).toBe(false);
      expect(await store().people.noticeOnce('T1', 'U2')).toBe(true);
      expect(await store().people.noticeOnce('T2', 'U1')).toBe(true);
    });

    it('forgets a person, with what others said of them, and nobody else', async () => {
      const [mine, theirs] = [await ask('U1'), await ask('U2', '100.000002')];
      await store().feedback.save(feedback(mine, { user: 'U2' }));
      await store().feedback.save(feedback(theirs, { user: 'U1' }));
      await store().feedback.save(feedback(theirs, { user: 'U2' }));
      const { comparison: opened } = await compare();
      await store().comparisons.vote({
        team: 'T1',
        comparisonId: opened.id,
        user: 'U2',
        winner: 'tie',
        swapped: false,
      });
      await store().people.noticeOnce('T1', 'U1');
      const had = { answers: 3, searches: 0, feedback: 1, flags: 0, comparisons: 1, votes: 0 };
      expect(await store().people.counts('T1', 'U1')).toEqual(had);
      expect(await store().people.forget('T1', 'U1')).toEqual(had);
      expect(await store().people.counts('T1', 'U1')).toEqual({ ...had, answers: 0, feedback: 0, comparisons: 0 });
      expect(await store().answers.get(mine)).toBeNull();
      expect(await store().deliveries.get(mine)).toBeNull();
      expect(await store().deliveries.get(opened.id)).toBeNull();
      expect(await store().feedback.get('T1', mine, 'U2')).toBeNull();
      expect(await store().feedback.get('T1', theirs, 'U2')).not.toBeNull();
      expect(await store().comparisons.judged('T1')).toEqual([]);
      expect(await store().people.noticeOnce('T1', 'U1')).toBe(true);
      // The same event again is still one that was had.
      expect(await ask('U1')).toBe(mine);
      expect(await store().answers.get(mine)).toBeNull();
    });
  });
