import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '../text/normalize.ts';
import { createOriginals, shinglesOf } from './near-duplicates.ts';

const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '');

describe('shinglesOf', () => {
  it('looks at letters and numbers alone', () => {
    const all = Array.from({ length: 0x10000 }, (_, unit) => fold(String.fromCharCode(unit)));
    for (let from = 0; from < all.length; from += 97) {
      const text = all.slice(from, from + 97).join('');
      expect(shinglesOf(text).all()).toEqual(shinglesOf(letters(text)).all());
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }).map(fold), (text) => {
        expect(shinglesOf(text).all()).toEqual(shinglesOf(letters(text)).all());
        expect(shinglesOf(text).sketch).toEqual(shinglesOf(text).all().slice(0, 16));
      }),
    );
  });
});

describe('createOriginals', () => {
  it('finds the first of several that say the same', () => {
    const originals = createOriginals<string>();
    const text = '昔の人は地面の下に大きなナマズがすんでいて暴れると地震が起こると信じていた';
    originals.add(shinglesOf('山の上に雪が残り春になっても川の水は冷たいままであった'), 'snow');
    originals.add(shinglesOf(text), 'first');
    originals.add(shinglesOf(`${text}そう`), 'second');
    expect(originals.twinOf(shinglesOf(`${text}とか`))).toBe('first');
    expect(originals.twinOf(shinglesOf('海の底には人の知らない生き物が数えきれないほどいるという'))).toBeUndefined();
  });
});
