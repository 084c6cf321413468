import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { graphemeRanges } from './graphemes.ts';
import { fold, foldWithMap } from './normalize.ts';

/** Pieces that fold in surprising ways, and any other text, lone surrogates included. */
const tricky = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'ｶﾞ',
        'ｶ',
        'ﾞ',
        'ﾟ',
        'は',
        '゛',
        '\u3099',
        'Ａ',
        '１',
        '㍿',
        '①',
        'ﬁ',
        'İ',
        'Σ',
        'ς',
        'é',
        'e\u0301',
        '\u0301',
      ),
      fc.constantFrom(
        '👨‍👩‍👧',
        '🇯🇵',
        '𠮷',
        '\ud842',
        '\udfb7',
        '\0',
        '\r\n',
        ' ',
        '　',
        '한',
        'ㅎ',
        'ㅏ',
        'ﾡ',
        'ￂ',
        '葛\u{e0100}',
        '\u200d',
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

const boundaries = (text: string): Set<number> =>
  new Set([0, ...[...graphemeRanges(text.toWellFormed())].map(([, end]) => end)]);

describe('fold', () => {
  it.each([
    ['ｶﾞｽ', 'ガス'],
    ['ＡＢＣ１２３', 'abc123'],
    ['ΑΣ', 'ασ'],
    ['', ''],
    ['a\0b', 'a\0b'],
    ['\ud800x', '\ufffdx'],
    ['㍿', '株式会社'],
  ])('%j becomes %j', (text, folded) => {
    expect(fold(text)).toBe(folded);
    expect(foldWithMap(text).text).toBe(folded);
  });

  it('is NFKC in lower case for every unit, alone and before what composes with it', () => {
    const slow = (text: string) => text.toWellFormed().normalize('NFKC').replaceAll('Σ', 'σ').toLowerCase();
    const wrong: string[] = [];
    for (let unit = 0; unit <= 0xffff; unit++) {
      for (const after of ['', '\u3099', '\u0301', '\u0338', '\uff9e']) {
        const text = String.fromCharCode(unit) + after;
        if (fold(text) !== slow(text)) wrong.push(text);
      }
    }
    expect(wrong).toEqual([]);
    fc.assert(
      fc.property(tricky, (text) => {
        expect(fold(text)).toBe(slow(text));
      }),
    );
  });

  it('folds a part as in its whole at grapheme boundaries that do not compose', () => {
    expect(fold('ΑΣ') + fold('Α')).toBe(fold('ΑΣΑ'));
  });
});

describe('foldWithMap', () => {
  it('leads back to the original', () => {
    const { text, toOriginal } = foldWithMap('ｶﾞｽ㍿Ｘ');
    const at = text.indexOf('株式');
    expect(toOriginal([0, 2], 'widen')).toEqual([0, 3]);
    expect(toOriginal([at, at + 2], 'widen')).toEqual([3, 4]);
    expect(toOriginal([at, at + 2], 'narrow')).toBeNull();
    expect(toOriginal([1, at + 4], 'narrow')).toEqual([2, 4]);
  });

  it('gives the folded text, and ranges whose ends are grapheme boundaries', () => {
    fc.assert(
      fc.property(tricky, fc.nat(), fc.nat(), (original, a, b) => {
        const folded = foldWithMap(original);
        expect(folded.text).toBe(fold(original));
        const [start, end] = [a % (folded.text.length + 1), b % (folded.text.length + 1)].toSorted((x, y) => x - y);
        const ends = boundaries(original);
        for (const edge of ['widen', 'narrow'] as const) {
          const range = folded.toOriginal([start!, end!], edge);
          if (!range) continue;
          expect(ends.has(range[0]) && ends.has(range[1]) && range[0] < range[1]).toBe(true);
          const back = fold(original.slice(...range));
          const asked = folded.text.slice(start, end);
          if (edge === 'narrow') expect(asked.includes(back)).toBe(true);
          else expect(back.includes(asked)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives the whole for the whole', () => {
    fc.assert(
      fc.property(tricky, (original) => {
        const folded = foldWithMap(original);
        const whole = original === '' ? null : [0, original.length];
        expect(folded.toOriginal([0, folded.text.length], 'narrow')).toEqual(whole);
      }),
    );
  });
});
