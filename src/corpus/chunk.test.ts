import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { graphemeRanges } from '../text/graphemes.ts';
import { chunk } from './chunk.ts';
import { parsePassageId } from './document.ts';

const document = (text: string) => ({ source: 'ja_web', sequence: 3, text });

describe('chunk', () => {
  it('gives a short document whole, without the white space around it', () => {
    expect(chunk(document('  地震だ。\n'))).toEqual([{ id: 'ja_web:3:2-6', start: 2, end: 6, text: '地震だ。' }]);
  });

  it('gives nothing for a document of white space', () => {
    expect(chunk(document(''))).toEqual([]);
    expect(chunk(document(' \n　'))).toEqual([]);
  });

  it('cuts at sentences, into even parts', () => {
    const text = '今日はとても良い天気です。'.repeat(40);
    const parts = chunk(document(text));
    expect(parts.length).toBe(2);
    for (const part of parts) {
      expect(part.text.endsWith('。')).toBe(true);
      expect(part.text.length).toBe(260);
    }
  });

  it('cuts a sentence that is too long after a clause', () => {
    const parts = chunk(document(`${'あ'.repeat(300)}、${'い'.repeat(300)}。`));
    expect(parts.map(({ text }) => text.length)).toEqual([301, 301]);
  });

  it('covers the document in order; between passages only white space; no grapheme split; no passage too long', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('。', '. ', '、', '\n\n', ' ', '👨‍👩‍👧', 'か\u3099', '\r\n', '\0'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 60 }), (pieces, maximum) => {
        const text = pieces.join('');
        const boundaries = new Set([0, ...[...graphemeRanges(text)].map(([, end]) => end)]);
        const longest = Math.max(0, ...[...graphemeRanges(text)].map(([start, end]) => end - start));
        let at = 0;
        for (const passage of chunk(document(text), { maximum })) {
          expect(passage.start).toBeGreaterThanOrEqual(at);
          expect(text.slice(at, passage.start).trim()).toBe('');
          expect(passage.text).toBe(text.slice(passage.start, passage.end));
          expect(passage.text.length).toBeLessThanOrEqual(Math.max(maximum, longest));
          expect(boundaries.has(passage.start) && boundaries.has(passage.end)).toBe(true);
          expect(parsePassageId(passage.id)).toEqual({
            source: 'ja_web',
            sequence: 3,
            start: passage.start,
            end: passage.end,
          });
          at = passage.end;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('parsePassageId', () => {
  it('reads a source with colons, and refuses anything else', () => {
    expect(parsePassageId('a:b:12:3-45')).toEqual({ source: 'a:b', sequence: 12, start: 3, end: 45 });
    expect(parsePassageId('12:3-45')).toBeNull();
  });
});
