import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makePassage } from '../../../test/support/grounding-passage.ts';
import { checkCitations, citedSources, isSupported } from './citations.ts';
import { citedText } from './cited-text.ts';

const passages = [
  makePassage(1),
  makePassage(2, { title: '津波', text: '津波の速さは水深が深いほど大きく、時速800キロメートルになる。' }),
];
const checked = (answer: string) => checkCitations(answer, passages).map(({ citations }) => citations);

test('a citation is accepted where the words of its sentence stand in the passage', () => {
  expect(checked('地震は地下の岩盤がずれる現象です[1]。津波は時速800キロメートルになります[2]。')).toEqual([
    [{ number: 1, supported: true }],
    [{ number: 2, supported: true }],
  ]);
});

test('numbers behind the full stop belong to the sentence before it', () => {
  expect(checked('地震は地下の岩盤がずれる現象です。[1] 津波は時速800キロメートルになります。 [2]')).toEqual([
    [{ number: 1, supported: true }],
    [{ number: 2, supported: true }],
  ]);
});

test.each([
  ['a number that no passage has', '地震は地下の岩盤がずれる現象です[7]。', 7],
  ['the other passage', '地震は地下の岩盤がずれる現象です[2]。', 2],
  ['what no passage says', '地震はナマズの祟りで神社が揺れる怪談です[1]。', 1],
  ['another number than the passage gives', '津波は時速300キロメートルになります[2]。', 2],
  ['words of no content', 'そうです[1]。', 1],
])('%s is not accepted', (_, answer, number) => {
  expect(checked(answer)).toEqual([[{ number, supported: false }]]);
});

test('each of several citations is judged by itself, repetitions once', () => {
  expect(checked('地震は地下の岩盤がずれる現象です[1][2][1]。')).toEqual([
    [
      { number: 1, supported: true },
      { number: 2, supported: false },
    ],
  ]);
});

test('Latin words stand as words, not inside others', () => {
  const passage = { title: null, text: 'The earth moves.' };
  expect(isSupported('Art.', passage)).toBe(false);
  expect(isSupported('The Earth moves.', passage)).toBe(true);
});

test('only what accepted citations name is a source', () => {
  const sentences = checkCitations(
    '地震は地下の岩盤がずれる現象です[1]。地震は地下の岩盤がずれる現象です[2]。',
    passages,
  );
  expect(citedSources(sentences, passages).map(({ number }) => number)).toEqual([1]);
  expect(citedText(sentences, (number) => `[${number}: 裏付けなし]`)).toBe(
    '地震は地下の岩盤がずれる現象です [1]。地震は地下の岩盤がずれる現象です [2: 裏付けなし]。',
  );
});

test('whatever a model writes: no number outside the passages is accepted, no word is lost', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '[1]',
      '[2]',
      '[3]',
      ' [12]',
      '［1］',
      '。',
      '\n',
      '地震は岩盤がずれる。',
      '```\n',
      'The earth moves. ',
    ),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
      const answer = parts.join('');
      const sentences = checkCitations(answer, passages);
      for (const { citations } of sentences) {
        for (const { number, supported } of citations) expect(supported && number !== 1 && number !== 2).toBe(false);
      }
      const bare = (text: string): string => text.replace(/[[［【]\d{1,3}[\]］】]/gu, '').replace(/\s/gu, '');
      expect(bare(sentences.map(({ text }) => text).join(''))).toBe(bare(answer));
    }),
    { numRuns: 2_000 },
  );
});
