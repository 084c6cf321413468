import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLoopGuard, defaultLoopLimits } from './loop-guard.ts';

/** Characters after which the guard speaks; null: never. */
const cutAt = (text: string, piece = 3): number | null => {
  const guard = createLoopGuard();
  for (let at = 0; at < text.length; at += piece) if (guard.add(text.slice(at, at + piece))) return at + piece;
  return null;
};

test('a sentence written again and again is cut at its fourth time', () => {
  const sentence = '定期的に運動することは、ストレスを和らげるのに役立ちます。';
  const at = cutAt(`ストレスに対処する方法はいくつかあります。${sentence.repeat(40)}`, 1);
  expect(at).toBeLessThanOrEqual(21 + 4 * sentence.length + 1);
  expect(at).toBeGreaterThan(3 * sentence.length);
});

test('any block with a letter, written without end, is cut; in whatever pieces it comes', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 60 }),
      fc.string({ minLength: 1, maxLength: 100 }).map((block) => `${block}字`),
      fc.integer({ min: 1, max: 40 }),
      (start, block, piece) => {
        const { repeats, minLength } = defaultLoopLimits;
        const whole = start + block.repeat(repeats + Math.ceil(minLength / block.length));
        expect(cutAt(whole, piece)).not.toBeNull();
      },
    ),
  );
});

test('text whose lines all differ passes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 4, maxLength: 40 }), { maxLength: 60 }), (lines) => {
      fc.pre(lines.every((line) => new Set(line).size > 3));
      expect(cutAt(lines.map((line, index) => `${index + 1}. ${line}`).join('\n'))).toBeNull();
    }),
  );
});

test.each([
  [
    'a list',
    Array.from({ length: 30 }, (_, i) => `${i + 1}. ${'りんご みかん ぶどう もも'.split(' ')[i % 4]}を食べる`).join(
      '\n',
    ),
  ],
  ['a table', `| 名前 | 値 |\n|${'-'.repeat(120)}|${'-'.repeat(120)}|\n${'| a | 0 |\n| b | 0 |\n'.repeat(2)}`],
  ['a matrix of zeros', `${`[${Array(8).fill(0).join(', ')}],\n`.repeat(8)}`],
  ['a refrain', '雪やこんこ 霰やこんこ\n'.repeat(3) + '降っては降っては ずんずん積もる\n'.repeat(2)],
  [
    'a multiplication table',
    Array.from({ length: 81 }, (_, i) => `${1 + (i % 9)} × ${1 + Math.floor(i / 9)}`).join('\n'),
  ],
  ['laughter', `それは面白い${'ｗ'.repeat(60)}`],
])('%s passes', (_, text) => {
  expect(cutAt(text)).toBeNull();
});
