import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { presentAnswer, presentPartial } from '../../bots/model/present-answer.ts';
import { presentContext } from '../../bots/search/present-context.ts';
import { presentHit } from '../../bots/search/present-hit.ts';
import { presentHits } from '../../bots/search/present-hits.ts';
import { presentList } from '../../bots/search/present-list.ts';
import { presentReadings } from '../../bots/search/present-readings.ts';
import { checkBlocks } from '../../playground/server/checks/check-blocks.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import type { Hit, SearchResult, SpanMatch } from '../../src/search/result.ts';
import { MARKDOWN_PER_MESSAGE, UPDATE_TEXT, VIEW_BYTES } from '../../src/slack/limits.ts';
import type { Answer } from '../../src/store/records.ts';
import { makeHit, makeResult } from '../support/search-result.ts';

/** Texts that could do harm, and long ones. */
const pieces = fc.constantFrom(
  '<!channel>',
  '<@U0123456789>',
  '<https://evil.example|bank>',
  '*',
  '_x_',
  '~',
  '`',
  '```',
  '\n',
  '&',
  '&lt;',
  '@here',
  '](https://evil.example)',
  '\u0000',
  '\ud83d',
  '👩‍👩‍👧',
  '地震は地下の岩盤がずれて起こる。',
  'The earthquake came. ',
  'あ'.repeat(300),
  '&<>'.repeat(200),
);
const text = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
const count = fc.nat(2_000_000);

const reading = fc.oneof(
  fc.constant<Hit['reading']>({ state: 'unknown' }),
  fc.constant<Hit['reading']>({ state: 'not_read', run: 'demo', lastIndex: 1039 }),
  fc.record({
    state: fc.constant('read' as const),
    run: text,
    shown: fc.option(count),
    first: count,
    last: count,
    timesRead: count,
    lastIndex: count,
  }),
);
const hit = fc
  .record({
    documentId: text,
    source: text,
    title: fc.option(text),
    url: fc.option(fc.oneof(text, fc.webUrl())),
    text,
    duplicates: fc.nat(3),
    reading,
    marks: fc.array(fc.nat(400), { maxLength: 8 }),
  })
  .map(({ marks, ...facts }) => {
    const ends = [...new Set(marks)].sort((a, b) => a - b).filter((at) => at <= facts.text.length);
    const highlights = ends.flatMap((end, index) =>
      index % 2 === 1 ? [[ends[index - 1] as number, end] as const] : [],
    );
    return makeHit({ ...facts, highlights });
  });
const result = fc
  .record({
    text,
    hits: fc.array(hit, { maxLength: 12 }),
    tuned: fc.array(hit, { maxLength: 5 }),
    cuts: fc.array(fc.nat(300), { maxLength: 10 }),
    run: fc.boolean(),
    name: text,
  })
  .map(({ text: message, hits, tuned, cuts, run, name }): SearchResult => {
    const spans = cuts
      .map((at, index): SpanMatch => {
        const start = Math.min(at, message.length);
        const end = Math.min(start + 8 + index, message.length);
        const document = { documentId: 'd', source: name, title: name, passageId: 'p' };
        return {
          start,
          end,
          text: message.slice(start, end),
          count: 3,
          documents: [document, document],
          documentCount: 9,
        };
      })
      .filter(({ start, end }) => start < end);
    const { index } = makeResult();
    return makeResult({
      text: message,
      spans,
      tuning: { index, spans, hits: tuned.map((one, at) => ({ ...one, rank: at + 1, kind: 'sft' })) },
      hits: hits.map((one, index) => ({ ...one, rank: index + 1 })),
      model: { name, checkpoint: 261 },
      ...(run ? {} : { run: null }),
    });
  });
const locale = fc.constantFrom('ja' as const, 'en' as const);
const controls = { context: true, readings: true };

/** Every text that Slack would parse, and every one that it takes as it is. */
const textsIn = (value: unknown, found: { type: string; text: string }[] = []): { type: string; text: string }[] => {
  if (Array.isArray(value)) for (const one of value) textsIn(one, found);
  else if (typeof value === 'object' && value !== null) {
    const { type, text: own } = value as { type?: unknown; text?: unknown };
    if (typeof own === 'string') found.push({ type: String(type), text: own });
    for (const child of Object.values(value)) textsIn(child, found);
  }
  return found;
};

const expectSafe = (blocks: readonly unknown[], surface: 'message' | 'view'): void => {
  expect(checkBlocks(blocks, surface).faults).toEqual([]);
  for (const { type, text: shown } of textsIn(blocks)) {
    expect(shown).not.toBe('');
    if (type !== 'mrkdwn' && type !== 'markdown') continue;
    // Our own links: the host of a web address, shown as such.
    const rest = shown.replace(/<https?:\/\/[^<>|]+\|[^<>|]+>/g, '');
    expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
    expect(shown).not.toMatch(/<[!@#]/);
  }
};

it('keeps one hit safe and within the limits, whatever its document holds', () => {
  fc.assert(
    fc.property(hit, locale, (one, language) => {
      expectSafe(presentHit(one, { searchId: 's1', list: 'tuning' }, textsFor(language), controls), 'message');
    }),
    { numRuns: 10_000 },
  );
});

it('keeps a search result safe and within the limits, whatever the corpus holds', () => {
  fc.assert(
    fc.property(result, locale, (found, language) => {
      const { text: fallback, blocks = [] } = presentHits('s1', found, textsFor(language), controls);
      expectSafe(blocks, 'message');
      expect(fallback.length).toBeLessThanOrEqual(UPDATE_TEXT);
      expect(fallback).not.toMatch(/[<>]/);
    }),
    { numRuns: 1_000 },
  );
});

it('keeps the modals safe and within the limits', () => {
  fc.assert(
    fc.property(result, hit, text, text, locale, (found, one, before, after, language) => {
      const texts = textsFor(language);
      const whole = before + one.text + after;
      const surroundings = {
        text: whole,
        offset: 7,
        spans: [[0, Math.min(5, whole.length)] as const],
        passage: [before.length, before.length + one.text.length] as const,
        documentLength: whole.length + 7,
      };
      const state = { searchId: 's1', list: 'texts' as const, rank: 1, range: 100 as const, page: 0 };
      const history = { run: 'demo', lastIndex: 1039, timesRead: 9, iterations: [1, 5, 1000], phases: [] };
      const views = [
        presentContext({ ...one, rank: 1 }, { result: found, list: found, found: surroundings }, state, texts),
        presentList('s1', found, 1, texts, controls),
        presentReadings(one, found, history, texts),
      ];
      for (const view of views) {
        expectSafe(view.blocks, 'view');
        expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(VIEW_BYTES);
      }
    }),
    { numRuns: 500 },
  );
});

const answer = (facts: Partial<Answer>): Answer => ({
  id: 'a1',
  team: 'T1',
  app: 'bot',
  channel: 'C1',
  threadTs: '1.0',
  model: 'm_1',
  user: 'U1',
  locale: 'ja',
  questionTs: '1.0',
  question: 'q',
  status: 'done',
  attempt: 1,
  text: '',
  finish: 'stop',
  usage: { promptTokens: 1, completionTokens: 38, seconds: 1.2 },
  error: null,
  createdAt: 0,
  finishedAt: 1,
  ...facts,
});

it('keeps answers of any length safe and within the limits', () => {
  const long = fc.tuple(text, fc.nat(60)).map(([part, times]) => part.repeat(times).slice(0, 60_000));
  const outcome = fc.constantFrom<Partial<Answer>>(
    { status: 'done' },
    { status: 'done', finish: 'length' },
    { status: 'cancelled', finish: null, usage: null },
    { status: 'failed', finish: null, usage: null, error: { code: 'model_failed', id: 'a1b2c3' } },
  );
  fc.assert(
    fc.property(fc.oneof(text, long), outcome, locale, (written, facts, language) => {
      const messages = presentAnswer(answer({ ...facts, text: written }), textsFor(language), { search: true });
      for (const { text: fallback, blocks = [] } of [...messages, presentPartial(written, textsFor(language))]) {
        expectSafe(blocks, 'message');
        expect(checkBlocks(blocks, 'message').markdownLength).toBeLessThanOrEqual(MARKDOWN_PER_MESSAGE);
        expect(fallback.length).toBeLessThanOrEqual(UPDATE_TEXT);
        expect(fallback.trim()).not.toBe('');
        expect(fallback).not.toMatch(/[<>]/);
      }
    }),
    { numRuns: 500 },
  );
});
