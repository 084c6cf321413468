import { expect, it } from '@jest/globals';
import { tableLines } from './output.ts';

it('sets columns by what a terminal shows, full-width characters as two', () => {
  expect(
    tableLines([
      ['source', 'title', 'n'],
      ['ja_web', 'うちのナマズ', '3'],
      ['en_encyclopedia', 'Fox', '12'],
    ]),
  ).toEqual([
    'source           title         n',
    '───────────────  ────────────  ──',
    'ja_web           うちのナマズ  3',
    'en_encyclopedia  Fox           12',
  ]);
});

it('has nothing to say of no rows', () => expect(tableLines([])).toEqual([]));
