import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from './normalize.ts';
import { keywordTokens, pairsAmong, tokenizeFolded, wordsAmong, wordsOfFolded, wordsTouching } from './tokens.ts';

const piece = fc.constantFrom(
  ...['地震', 'の', '原因', 'ナマズ', 'gpt4', 'を使う', '𠮷野家', '。', ' ', "don't", '食べる', '3.14'],
  ...['洞くつ', 'お茶', 'と', 'マグマ', 'plates move, ', 'a1', '한국', '、', '沈み込み', 'ー'],
);
const text = fc.array(piece, { maxLength: 30 }).map((parts) => fold(parts.join('')));

describe('keywordTokens', () => {
  it('gives words and, beside them, bigrams, without short hiragana', () => {
    expect(keywordTokens('地震の原因は?')).toEqual(['地震', '原因', '地震', '震の', 'の原', '原因', '因は']);
  });

  it('gives a Latin word twice, as word and as run, and half-width kana as full', () => {
    expect(keywordTokens('Earthquake ﾅﾏｽﾞ')).toEqual(['earthquake', 'ナマズ', 'earthquake', 'ナマ', 'マズ']);
  });

  it('bigrams through a run that begins in Latin letters', () => {
    expect(keywordTokens('gpt4を使う')).toEqual(['gpt4', '使う', 'gp', 'pt', 't4', '4を', 'を使', '使う']);
  });

  it('takes characters outside the basic plane whole', () => {
    expect(keywordTokens('𠮷野家')).toContain('𠮷野');
    expect(keywordTokens('龍')).toEqual(['龍', '龍']);
  });

  it('gives nothing for a text without letters or numbers', () => {
    for (const text of ['', ' \n', '\0', '。、！', '\ud800', 'は', 'です']) expect(keywordTokens(text)).toEqual([]);
  });

  it('says where each token stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const folded = fold(text);
        for (const { text: token, start, end } of tokenizeFolded(folded)) expect(folded.slice(start, end)).toBe(token);
      }),
    );
  });
});

describe('wordsTouching', () => {
  it('gives of all words those that touch a range', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 8 }), (folded, ends) => {
        const places = [...new Set(ends)].filter((end) => end < folded.length).toSorted((a, b) => a - b);
        const ranges = places.map((at, index) => [at, Math.min(at + 3, places[index + 1] ?? folded.length)] as const);
        const touched = wordsOfFolded(folded).filter(({ start, end }) => ranges.some(([a, b]) => a < end && b > start));
        expect(wordsTouching(folded, ranges)).toEqual(touched);
      }),
    );
  });
});

describe('pairsAmong', () => {
  it('gives of all pairs and runs those that are wanted', () => {
    fc.assert(
      fc.property(text, fc.func(fc.boolean()), (folded, isWanted) => {
        const all = tokenizeFolded(folded).slice(wordsOfFolded(folded).length);
        const wanted = new Set(all.map((token) => token.text).filter(isWanted));
        const found = all.filter((token) => wanted.has(token.text));
        // Each touches one of these, or is one.
        const ranges: [number, number][] = [];
        for (const { start, end } of found) if (start >= (ranges.at(-1)?.[1] ?? 0)) ranges.push([start, end]);
        expect(pairsAmong(wanted, folded, ranges)).toEqual(found);
      }),
    );
  });
});

describe('wordsAmong', () => {
  it('names every short word that ICU finds in a text', () => {
    fc.assert(
      fc.property(text, (folded) => {
        const short = wordsOfFolded(folded).flatMap((token) => (token.text.length === 2 ? [token.text] : []));
        expect(wordsAmong(short)).toEqual(new Set(short));
      }),
    );
    expect(wordsAmong(['とマ', 'お茶', '震が'])).toEqual(new Set(['お茶']));
  });
});
