import fc from 'fast-check';
import type { Range } from '../../src/text/graphemes.ts';

/** Shortest stretch of these cases, in characters. */
export const minimumSpan = 8;

const splitsPair = (text: string, at: number): boolean =>
  /[\ud800-\udbff]/.test(text[at - 1] ?? '') && /[\udc00-\udfff]/.test(text[at] ?? '');

/** By the definition: every stretch that stands in a document and can't be made longer. Texts are folded. */
export const spansByBruteForce = (message: string, documents: readonly string[]): Range[] => {
  const longest: Range[] = [];
  for (let start = 0; start < message.length; start++) {
    if (splitsPair(message, start)) continue;
    let end = start;
    for (let to = start + 1; to <= message.length; to++) {
      if (!documents.some((text) => text.includes(message.slice(start, to)))) break;
      if (!splitsPair(message, to)) end = to;
    }
    if ([...message.slice(start, end)].length >= minimumSpan) longest.push([start, end]);
  }
  return longest.filter(([start, end]) => !longest.some(([s, e]) => s <= start && end <= e && e - s > end - start));
};

/** Places of a stretch, overlapping ones included, and documents with it. Texts are folded. */
export const countByBruteForce = (texts: readonly string[], part: string): { count: number; documents: number } => {
  let count = 0;
  let documents = 0;
  for (const text of texts) {
    const before = count;
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) count++;
    if (count > before) documents++;
  }
  return { count, documents };
};

/** Few characters, so that texts share long stretches by chance. */
const piece = fc.oneof(
  fc.constantFrom('あ', 'い', 'ア', 'ｱ', '。', 'a', 'A', 'Ａ', '1', ' ', '\0'),
  fc.constantFrom('😀', '😁', '𠮷', 'か\u3099', 'が', 'ﾊﾞ', '㍿', '\ud83d', 'ab', 'いいえ', '地震の原因'),
);
const text = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''));

/** Documents of a corpus, unfolded. */
export const corpusCases = fc.array(text, { minLength: 1, maxLength: 5 });

/** Like what a model writes: stretches of the corpus, and its own words between. */
export const messageCases = (texts: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        fc
          .tuple(fc.nat(texts.length - 1), fc.nat(60), fc.nat(30))
          .map(([which, from, length]) => texts[which]!.slice(from, from + length)),
        text,
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.join(''));
