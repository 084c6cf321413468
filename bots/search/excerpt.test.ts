import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Range } from '../../src/text/graphemes.ts';
import { mergeRanges } from '../../src/text/highlights.ts';
import { excerptOf } from './excerpt.ts';

const shown = (text: string, highlights: readonly Range[], most: number): string => {
  const excerpt = excerptOf(text, highlights, most);
  return excerpt.highlights.reduceRight(
    (line, [start, end]) => `${line.slice(0, start)}*${line.slice(start, end)}*${line.slice(end)}`,
    excerpt.text,
  );
};

const passage =
  '最初の文はここで終わる。二つ目の文もここで終わる。地震は地下の岩盤が急にずれて起こる。その揺れが地面に伝わる。最後の文がここにある。';

it('begins at the sentence of the matches and ends at a sentence', () => {
  const at = passage.indexOf('岩盤');
  expect(shown(passage, [[at, at + 2]], 40)).toBe('…地震は地下の*岩盤*が急にずれて起こる。その揺れが地面に伝わる。…');
});

it('keeps words whole where a sentence is too long', () => {
  const text = `${'one two three four five six '.repeat(10)}earthquake ${'seven eight nine '.repeat(10)}`;
  const at = text.indexOf('earthquake');
  const line = shown(text, [[at, at + 10]], 80);
  expect(line).toMatch(/^…(one|two|three|four|five|six) .* \*earthquake\* .* (seven|eight|nine)…$/);
});

it('shows a short passage whole, on one line', () => {
  expect(shown(' 一行目。\n\n 二行目。\n', [[8, 10]], 80)).toBe('一行目。 *二行*目。');
});

it('keeps its bounds, its characters and its matches for any text', () => {
  const texts = fc.string({
    unit: fc.constantFrom('あ', '岩', 'a', ' ', '\n', '。', '👩‍👩‍👧', '\ud800', '*', '<', '…', '.'),
    maxLength: 120,
  });
  const cases = texts.chain((text) =>
    fc.tuple(
      fc.constant(text),
      fc.array(fc.tuple(fc.nat(text.length), fc.integer({ min: 1, max: 9 })), { maxLength: 6 }),
      fc.integer({ min: 20, max: 80 }),
    ),
  );
  fc.assert(
    fc.property(cases, ([text, marks, most]) => {
      const highlights = mergeRanges(
        marks.map(([start, length]): Range => [start, Math.min(text.length, start + length)]).filter(([a, b]) => a < b),
      );
      const excerpt = excerptOf(text, highlights, most);
      expect(excerpt.text.length).toBeLessThanOrEqual(most + 14);
      expect(excerpt.text).not.toMatch(/[\n\ud800-\udbff](?![\udc00-\udfff])/);
      const bare = excerpt.text.replace(/^…|…$/g, '');
      expect(text.toWellFormed().replace(/\s+/g, ' ')).toContain(bare);
      let last = 0;
      for (const [start, end] of excerpt.highlights) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(excerpt.text.length);
        last = end;
      }
    }),
    { numRuns: 10_000 },
  );
});
