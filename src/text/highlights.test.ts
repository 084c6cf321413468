import { describe, expect, it } from '@jest/globals';
import { createHighlighter } from './highlights.ts';
import { guessLanguage } from './language.ts';
import { keywordTokens } from './tokens.ts';

const marked = (text: string, query: string): string[] =>
  createHighlighter(keywordTokens(query))(text).map(([start, end]) => text.slice(start, end));

describe('highlightRanges', () => {
  it('marks words, and parts of words in kanji', () => {
    expect(marked('大地震の原因はナマズだ。地震は怖い。', '地震の原因')).toEqual(['地震', '原因', '地震']);
    expect(marked('大きなナマズがすんでいて、ナマズが暴れる', 'ナマズが動く')).toEqual(['ナマズ', 'ナマズ']);
  });

  it('marks no pair that straddles two words, and no part of a word in kana', () => {
    expect(marked('これは地下の話だ。', 'それは地震だ')).toEqual([]);
    expect(marked('マグカップとマグマ', 'マグマ')).toEqual(['マグマ']);
    expect(marked('気候変動について', '地震について')).toEqual([]);
    expect(marked('What is the fault?', 'What is the rock?')).toEqual([]);
  });

  it('marks other widths and cases as they stand in the text', () => {
    expect(marked('ＧＰＵとﾅﾏｽﾞ', 'gpu ナマズ')).toEqual(['ＧＰＵ', 'ﾅﾏｽﾞ']);
  });

  it('marks nothing where nothing matches', () => {
    expect(marked('空は青い', '地震')).toEqual([]);
    expect(marked('空は青い', '')).toEqual([]);
  });
});

describe('guessLanguage', () => {
  it.each([
    ['地震の原因', 'ja'],
    ['PyTorch 2.1 で GPU を使う', 'ja'],
    ['ｶﾀｶﾅ', 'ja'],
    ['What causes earthquakes?', 'en'],
    ['Привет, мир', null],
    ['123 !?', null],
    ['', null],
  ] as const)('%j is %s', (text, language) => {
    expect(guessLanguage(text)).toBe(language);
  });
});
