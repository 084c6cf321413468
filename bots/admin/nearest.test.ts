import { expect, it } from '@jest/globals';
import { nearest } from './nearest.ts';

it.each([
  ['sttaus', 'status'],
  ['stat', 'status'],
  ['hlep', 'help'],
  ['halp', 'help'],
  ['deploy', null],
  ['constructor', null],
])('takes %s for %s', (given, meant) => {
  expect(nearest(given, ['status', 'help'])).toBe(meant);
});
