import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemClock } from '../../clock.ts';
import type { Range } from '../../text/graphemes.ts';
import { fold } from '../../text/normalize.ts';
import { createSpanIndex } from './spans.ts';

const minimum = 8;
const guard = <T>(read: () => T): T => read();

const indexOf = async (texts: readonly string[]) => {
  const database = new DatabaseSync(':memory:');
  database.exec('create table documents (row integer primary key, source text, sequence integer, text text)');
  const insert = database.prepare('insert into documents (source, sequence, text) values (?, ?, ?)');
  for (const [sequence, text] of texts.entries()) insert.run(sequence % 2 === 0 ? 'even' : 'odd', sequence, text);
  return { index: await createSpanIndex({ database, clock: systemClock, guard }), database };
};

const splitsPair = (text: string, at: number): boolean =>
  /[\ud800-\udbff]/.test(text[at - 1] ?? '') && /[\udc00-\udfff]/.test(text[at] ?? '');

/** By the definition: every stretch that stands in a document and can't be made longer. */
const bruteForce = (message: string, documents: readonly string[]): Range[] => {
  const longest: Range[] = [];
  for (let start = 0; start < message.length; start++) {
    if (splitsPair(message, start)) continue;
    let end = start;
    for (let to = start + 1; to <= message.length; to++) {
      if (!documents.some((text) => text.includes(message.slice(start, to)))) break;
      if (!splitsPair(message, to)) end = to;
    }
    if ([...message.slice(start, end)].length >= minimum) longest.push([start, end]);
  }
  return longest.filter(([start, end]) => !longest.some(([s, e]) => s <= start && end <= e && e - s > end - start));
};

const countIn = (texts: readonly string[], part: string): { count: number; documents: number } => {
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
const corpus = fc.array(text, { minLength: 1, maxLength: 5 });
/** Like what a model writes: stretches of the corpus, and its own words between. */
const messageOf = (texts: readonly string[]) =>
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

describe('createSpanIndex', () => {
  it('equals a brute-force search', async () => {
    await fc.assert(
      fc.asyncProperty(
        corpus.chain((texts) => fc.tuple(fc.constant(texts), messageOf(texts))),
        async ([texts, raw]) => {
          const { index, database } = await indexOf(texts);
          const message = fold(raw);
          const documents = texts.map(fold);
          const spans = await index.maximal(message, { minimum, sources: null });
          expect(spans).toEqual(bruteForce(message, documents));
          for (const [start, end] of spans) {
            const part = message.slice(start, end);
            const found = await index.occurrences(part, { limit: 10, sources: null, seed: 1 });
            const wanted = countIn(documents, part);
            expect([found.count, found.documentCount]).toEqual([wanted.count, wanted.documents]);
            for (const { sequence, start: from, end: to } of found.places) {
              const there = fold(texts[sequence]!.toWellFormed().slice(from, to));
              expect(there.includes(part) || part.includes(there)).toBe(true);
            }
          }
          database.close();
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('lets no span run over the end of a document', async () => {
    const { index } = await indexOf(['地震の原因は', 'ナマズです。']);
    expect(await index.maximal('地震の原因はナマズです。', { minimum, sources: null })).toEqual([]);
  });

  it('looks only in the sources asked for', async () => {
    const { index } = await indexOf(['一二三四五六七八九十', '一二三四五六七八']);
    const all = await index.maximal('一二三四五六七八九十', { minimum, sources: null });
    const odd = await index.maximal('一二三四五六七八九十', { minimum, sources: ['odd'] });
    expect([all, odd]).toEqual([[[0, 10]], [[0, 8]]]);
    const places = await index.occurrences('一二三四五六七八', { limit: 10, sources: ['odd'], seed: 1 });
    expect(places).toEqual({ count: 1, documentCount: 1, places: [{ source: 'odd', sequence: 1, start: 0, end: 8 }] });
  });

  it('draws the same ten of many documents for the same seed', async () => {
    const { index } = await indexOf(Array.from({ length: 40 }, () => 'これは同じ文章です。'));
    const draw = (seed: number) => index.occurrences('これは同じ文章', { limit: 10, sources: null, seed });
    const short = await draw(1);
    expect(short.count).toBe(0);
    const long = (seed: number) => index.occurrences('これは同じ文章です', { limit: 10, sources: null, seed });
    const [first, again, other] = await Promise.all([long(1), long(1), long(2)]);
    expect([first.count, first.documentCount, first.places.length]).toEqual([40, 40, 10]);
    expect(again).toEqual(first);
    expect(other.places).not.toEqual(first.places);
  });

  it('stops when told to, and refuses spans shorter than its keys', async () => {
    const { index } = await indexOf(['地震の原因はナマズです。']);
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(index.maximal('地震の原因はナマズです。', { minimum, sources: null, signal })).rejects.toThrow('stop');
    await expect(index.maximal('地震', { minimum: 3, sources: null })).rejects.toMatchObject({ code: 'usage' });
  });
});
