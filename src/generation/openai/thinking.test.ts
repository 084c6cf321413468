import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHeldText } from './held-text.ts';
import { createHarmonySplitter, createThinkSplitter, type Said, type ThinkingSplitter } from './thinking.ts';

/** A text cut at arbitrary places, characters too. */
const chunked = (text: string, cuts: readonly number[]): string[] => {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [...places, text.length].map((place, index) => text.slice(places[index - 1] ?? 0, place));
};
const joined = (pieces: readonly Said[]): { text: string; reasoning: string } => ({
  text: pieces.flatMap(({ type, text }) => (type === 'text' ? [text] : [])).join(''),
  reasoning: pieces.flatMap(({ type, text }) => (type === 'reasoning' ? [text] : [])).join(''),
});
const read = (splitter: ThinkingSplitter, pieces: readonly string[]): { text: string; reasoning: string } =>
  joined([...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()]);

const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 30 });
const words = fc
  .array(
    fc.oneof(fc.constantFrom('<', '|', '<|', '</', 'think>', 'end', '答え', '\n', 'a'), fc.string({ maxLength: 3 })),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !/<\|\w*\|>|<\/?think>/.test(text));

test("Harmony's channels are told apart however the text is cut", () => {
  fc.assert(
    fc.property(words, words, words, cuts, (thought, aside, answer, places) => {
      const message = (channel: string, content: string): string => `<|channel|>${channel}<|message|>${content}`;
      const all = `${message('analysis', thought)}<|end|><|start|>assistant${message('commentary to=x', aside)}<|end|><|start|>assistant${message('final', answer)}<|return|>`;
      expect(read(createHarmonySplitter(), chunked(all, places))).toEqual({ text: answer, reasoning: thought + aside });
    }),
    { numRuns: 10_000 },
  );
});

test('thinking in marks is told apart however the text is cut', () => {
  fc.assert(
    fc.property(words, words, cuts, (thought, answer, places) => {
      const all = `\n<think>${thought}</think>\n\n${answer}`;
      expect(read(createThinkSplitter(), chunked(all, places))).toEqual({
        text: answer.trimStart(),
        reasoning: thought,
      });
    }),
    { numRuns: 10_000 },
  );
});

test('an answer without marks is an answer, for either', () => {
  fc.assert(
    fc.property(words, cuts, (answer, places) => {
      for (const splitter of [createHarmonySplitter(), createThinkSplitter()]) {
        expect(read(splitter, chunked(answer, places))).toEqual({ text: answer, reasoning: '' });
      }
    }),
    { numRuns: 10_000 },
  );
});

test('an answer that was cut off in a header or in its thoughts gives none', () => {
  expect(read(createHarmonySplitter(), ['<|channel|>analysis<|message|>まず', '考え'])).toEqual({
    text: '',
    reasoning: 'まず考え',
  });
  expect(read(createHarmonySplitter(), ['<|channel|>fin'])).toEqual({ text: '', reasoning: '' });
  expect(read(createThinkSplitter(), ['<think>まず', '</thi'])).toEqual({ text: '', reasoning: 'まず</thi' });
});

test('pieces never end inside a character, and nothing whole is lost', () => {
  const hostile = fc.string({
    unit: fc.oneof(fc.constantFrom('\uFFFD', '😀', '地'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
  });
  fc.assert(
    fc.property(hostile, cuts, (text, places) => {
      const held = createHeldText();
      const pieces = chunked(text, places).map((piece) => held.push(piece));
      for (const piece of pieces) {
        expect(piece.isWellFormed()).toBe(true);
        expect(piece).not.toMatch(/\uFFFD$/);
      }
      expect(pieces.join('')).toBe(text.replace(/\uFFFD+$/, ''));
    }),
    { numRuns: 10_000 },
  );
});
