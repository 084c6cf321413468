import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from './normalize.ts';
import { keywordTokens, tokenizeFolded } from './tokens.ts';

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
