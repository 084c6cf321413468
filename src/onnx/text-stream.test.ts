import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTextStream } from './text-stream.ts';

/** A byte-level vocabulary: token n is byte n. */
const decode = (tokens: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(tokens));

test('the pieces make the text, and none ends inside a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      fc.pre(!text.includes('\uFFFD') && !text.startsWith('\uFEFF'));
      const stream = createTextStream(decode);
      const pieces = [...Buffer.from(text)].map((byte) => stream.push(byte));
      expect(pieces.join('')).toBe(text);
      expect(pieces.every((piece) => piece.isWellFormed() && !piece.includes('\uFFFD'))).toBe(true);
    }),
  );
});

test('an answer that ends inside a character gives the characters before it', () => {
  const stream = createTextStream(decode);
  const bytes = [...Buffer.from('地震')].slice(0, -1);
  expect(bytes.map((byte) => stream.push(byte)).join('')).toBe('地');
});

test('a byte that begins no character is shown once the next one proves it', () => {
  const stream = createTextStream(decode);
  expect([0x61, 0xff, 0x62].map((byte) => stream.push(byte))).toEqual(['a', '', '\uFFFDb']);
});

test('a decoder that drops the first space of a text loses no space in the stream', () => {
  const words = (tokens: readonly number[]): string =>
    tokens
      .map((token) => ` w${token}`)
      .join('')
      .trimStart();
  const stream = createTextStream(words);
  const tokens = Array.from({ length: 200 }, (_, index) => index);
  expect(tokens.map((token) => stream.push(token)).join('')).toBe(words(tokens));
});

test('what is decoded for one token stays bounded', () => {
  let longest = 0;
  const stream = createTextStream((tokens) => {
    longest = Math.max(longest, tokens.length);
    return decode(tokens);
  });
  for (let k = 0; k < 2000; k += 1) stream.push(0x61);
  expect(longest).toBeLessThan(40);
});
