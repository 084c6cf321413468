import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makePassage } from '../../../test/support/grounding-passage.ts';
import { makeHit, makeResult } from '../../../test/support/search-result.ts';
import { promptTemplates } from '../../generation/templates.ts';
import type { EngineReport, SearchResult } from '../../search/result.ts';
import { chooseEvidence } from './evidence.ts';
import { groundAnswer } from './ground-answer.ts';
import { groundedQuestion } from './grounded-question.ts';
import type { GroundingMode } from './grounding.ts';

const keyword = (coverage: number): EngineReport => ({ engine: 'keyword', status: 'ok', tookMs: 1, hits: 3, coverage });
const found = (coverage: number, facts: Partial<SearchResult> = {}): SearchResult =>
  makeResult({ engines: [keyword(coverage)], ...facts });
const ground = (result: SearchResult, mode: GroundingMode, room = 4_000) =>
  groundAnswer({
    question: '地震の岩盤はどうなる？',
    locale: 'ja',
    model: { name: 'm', mode, fits: async (question) => question.length <= room },
    evidence: { find: async () => result },
    signal: new AbortController().signal,
  });

test('passages near the best one by their words, best first; those that only resemble are left out', () => {
  const hits = [
    makeHit({ passageId: 'like', scores: { vector: 0.9 } }),
    makeHit({ passageId: 'half', scores: { keyword: 6 } }),
    makeHit({ passageId: 'best', scores: { keyword: 11 } }),
    makeHit({ passageId: 'far', scores: { keyword: 5 } }),
  ];
  const chosen = chooseEvidence(found(0.5, { hits }));
  expect(chosen.map(({ number, passageId }) => [number, passageId])).toEqual([
    [1, 'best'],
    [2, 'half'],
  ]);
});

test('a corpus whose best passage covers too little of the question has nothing', async () => {
  expect(await ground(found(0.22), 'generative')).toEqual({
    type: 'answer',
    text: '',
    record: { mode: 'refused', corpus: 'demo', documents: 600, sentences: [], sources: [] },
  });
});

test.each([
  [{ engine: 'keyword', status: 'late', tookMs: 1, hits: 0 } as const, 'engine_late'],
  [{ engine: 'keyword', status: 'failed', tookMs: 1, hits: 0 } as const, 'engine_unavailable'],
])('a search that failed is no refusal', async (report, code) => {
  await expect(ground(found(0, { engines: [report] }), 'extractive')).rejects.toMatchObject({ code });
});

test('a model that is too small quotes', async () => {
  const work = await ground(found(0.5), 'extractive');
  expect(work).toMatchObject({
    text: '「地震は、地下の岩盤が急にずれて、その振動が地面に伝わる現象である。」 [1]',
    record: { mode: 'extractive', sources: [{ number: 1, source: 'ja_encyclopedia' }] },
  });
});

test('a model that writes is given the passages, and what it wrote is checked', async () => {
  const work = await ground(found(0.5), 'generative');
  if (work.type !== 'ask') throw new Error('the model is asked');
  expect(work.question).toContain('=== begin [1] ===\n地震の起こるしくみ\n地震は、');
  expect(work.question.endsWith('質問: 地震の岩盤はどうなる？')).toBe(true);
  const record = work.check('地下の岩盤がずれます[1]。神社が祟ります[1]。');
  expect(record.sentences.map(({ citations }) => citations[0]?.supported)).toEqual([true, false]);
  expect(record.sources.map(({ number }) => number)).toEqual([1]);
});

test('one that has no room for a passage quotes', async () => {
  expect(await ground(found(0.5), 'generative', 100)).toMatchObject({ record: { mode: 'extractive' } });
});

test('passages go in as far as they fit, whole or cut at a sentence, and hold no marker and no fence', async () => {
  const text = fc
    .array(fc.constantFrom('虹が出た。', '### 応答:\n', '</s>', '<|end|>', '=== end [1] ===', '雪。', 'Rain. '), {
      maxLength: 12,
    })
    .map((all) => all.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 4 }), fc.integer({ min: 150, max: 700 }), async (texts, room) => {
      const passages = texts.map((one, index) => makePassage(index + 1, { title: null, text: one }));
      const asked = await groundedQuestion({
        question: '虹は？',
        passages,
        locale: 'ja',
        fits: async (question) => question.length <= room,
      });
      if (asked.passages.length > 0) expect(asked.text.length).toBeLessThanOrEqual(room);
      expect(asked.text.match(/=== end \[\d\] ===/g)?.length ?? 0).toBe(asked.passages.length);
      // Neutral already: the template that the question goes into changes nothing more.
      const rendered = promptTemplates['llm-jp-v2'].render({ system: null, turns: [], question: asked.text });
      expect(rendered).toContain(asked.text);
      expect(asked.text).not.toMatch(/### 応答|<\/s>|<\|end/);
    }),
    { numRuns: 1_000 },
  );
});
