import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makePassage } from '../../../test/support/grounding-passage.ts';
import { extractQuotations } from './extract.ts';

test('quotes the sentences that speak of the question', () => {
  const passages = [
    makePassage(1, { text: '虹は七色に見える。虹は空気中の水のつぶで太陽の光が曲がると見える。昼は短い。' }),
    makePassage(2, { text: '雪は白い。鉄はさびる。' }),
  ];
  expect(extractQuotations('虹は太陽の光でどうして見えるのですか？', passages)).toEqual([
    { number: 1, text: '虹は空気中の水のつぶで太陽の光が曲がると見える。' },
  ]);
});

test('the same sentence of two passages is quoted once, from the better one', () => {
  const passages = [
    makePassage(1, { text: '虹は光が曲がって見える。' }),
    makePassage(2, { text: '虹は光が曲がって見える。' }),
  ];
  expect(extractQuotations('虹の光', passages)).toEqual([{ number: 1, text: '虹は光が曲がって見える。' }]);
});

test('every quotation is a verbatim substring of the passage that it cites', () => {
  const words = fc.constantFrom(
    '虹',
    '光は曲がる。',
    '「地震だ。」と言った。',
    'The Moon. ',
    '\n',
    '🌈',
    'e.g. rain',
    '①②',
    'ﾊﾝｶｸ',
    '！？',
  );
  const text = fc
    .array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 30 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), (question, texts) => {
      const passages = texts.map((one, index) => makePassage(index + 1, { text: one }));
      const quotations = extractQuotations(question, passages);
      expect(quotations.length > 0 || texts.every((one) => one.trim() === '')).toBe(true);
      for (const quotation of quotations) {
        expect(quotation.text.trim()).not.toBe('');
        expect(passages.find(({ number }) => number === quotation.number)?.text.includes(quotation.text)).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});
