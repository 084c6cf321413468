import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHighlighter, mergeRanges } from './highlights.ts';
import { guessLanguage } from './language.ts';
import { fold } from './normalize.ts';
import { keywordTokens, tokenizeFolded, wordsOfFolded } from './tokens.ts';

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

  it('marks what a look at every word and every pair would', () => {
    const byAll = (text: string, tokens: readonly string[]) => {
      const wanted = new Set(tokens);
      const words = wordsOfFolded(text);
      const pairs = tokenizeFolded(text)
        .slice(words.length)
        .filter((pair) => wanted.has(pair.text));
      const isCovered = ({ start, end }: { start: number; end: number }) => {
        let reached = start;
        for (const pair of pairs) {
          if (pair.start >= start && pair.start <= reached && pair.end <= end) reached = Math.max(reached, pair.end);
        }
        return reached >= end;
      };
      const marked = words.filter((word) => wanted.has(word.text) || isCovered(word));
      const inKanji = pairs.filter((pair) => /^[\u4e00-\u9fff]+$/.test(pair.text));
      return mergeRanges([...marked, ...inKanji].map(({ start, end }) => [start, end]));
    };
    const piece = fc.constantFrom(
      ...[
        '大地震',
        '地震',
        'の',
        '原因',
        'ナマズ',
        'マグマ',
        'が',
        '洞くつ',
        'お茶',
        '動き',
        '沈み込み',
        'プレート',
        '、',
      ],
      ...[
        '。',
        ' ',
        'plates',
        ' move ',
        'gpt4',
        '3.14',
        "don't",
        '太平洋',
        '本海',
        '石',
        '食べる',
        'しっぽ',
        'スポーツ',
      ],
    );
    const text = fc.array(piece, { maxLength: 16 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (shown, query) => {
        expect(createHighlighter(keywordTokens(query))(shown)).toEqual(byAll(fold(shown), keywordTokens(query)));
      }),
      { numRuns: 500 },
    );
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
