import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from './normalize.ts';
import { keywordTokens, tokenizeFolded, wordsOfFolded, wordsTouching } from './tokens.ts';

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
    const piece = fc.constantFrom(
      '地震',
      'の',
      '原因',
      'ナマズ',
      'gpt4',
      'を使う',
      '𠮷野家',
      '。',
      ' ',
      "don't",
      '食べる',
      '3.14',
    );
    const text = fc.array(piece, { maxLength: 30 }).map((parts) => fold(parts.join('')));
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
