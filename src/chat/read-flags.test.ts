import { expect, test } from '@jest/globals';
import { readFlags } from './read-flags.ts';

test.each([
  ['虹はなぜ見える？ --grounded', '虹はなぜ見える？', true],
  ['--grounded 虹はなぜ見える？', '虹はなぜ見える？', true],
  ['虹はなぜ見える？　—grounded', '虹はなぜ見える？', true],
  ['Why? ––Grounded ', 'Why?', true],
  ['--grounded', '', true],
  ['虹はなぜ見える？', '虹はなぜ見える？', false],
  ['what does --grounded do?', 'what does --grounded do?', false],
  ['well--grounded', 'well--grounded', false],
  ['--groundedness', '--groundedness', false],
])('%j asks %j, grounded %j', (message, question, grounded) => {
  expect(readFlags(message)).toEqual({ question, grounded });
});
