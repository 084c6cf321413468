import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sentenceRanges } from './sentences.ts';

const sentences = (text: string): string[] => sentenceRanges(text).map(([start, end]) => text.slice(start, end));

describe('sentenceRanges', () => {
  it('cuts Japanese without newlines', () => {
    expect(sentences('地震だ。走れ！本当？(はい。)次。')).toEqual(['地震だ。', '走れ！', '本当？', '(はい。)', '次。']);
  });

  it('leaves a quotation in its sentence', () => {
    expect(sentences('「地震だ。」と彼は言った。そうか。')).toEqual(['「地震だ。」と彼は言った。', 'そうか。']);
  });

  it('cuts English, but not at abbreviations, initials or decimals', () => {
    expect(sentences('Dr. Smith met J. K. Rowling. It was 3.14, e.g. pi. Yes!')).toEqual([
      'Dr. Smith met J. K. Rowling. ',
      'It was 3.14, e.g. pi. ',
      'Yes!',
    ]);
  });

  it('takes a wrapped line as one, and lines of Japanese, lists and paragraphs apart', () => {
    expect(sentences('a line\nwrapped here.\n- one\n- two')).toEqual(['a line\nwrapped here.\n', '- one\n', '- two']);
    expect(sentences('今日は晴れ\n明日は雨')).toEqual(['今日は晴れ\n', '明日は雨']);
  });

  it('covers the text without a gap', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.constantFrom('。', '. ', '」', '\n', '（'),
        (part, end) => {
          const text = part + end + part;
          expect(sentences(text).join('')).toBe(text);
        },
      ),
    );
  });
});
