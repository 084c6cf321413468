import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  corpusCases,
  countByBruteForce,
  messageCases,
  minimumSpan as minimum,
  spansByBruteForce,
} from '../../../test/support/span-cases.ts';
import { systemClock } from '../../clock.ts';
import { fold } from '../../text/normalize.ts';
import { seededRandom } from '../seeded-random.ts';
import { createSpanFile, openSpanFile } from './span-file.ts';
import { createSpanIndex } from './spans.ts';
import { suffixArray } from './suffix-array.ts';

const folder = mkdtempSync(join(tmpdir(), 'tenkyo-spans-'));
afterAll(() => rmSync(folder, { recursive: true }));

const indexOf = (texts: readonly string[], options: { budget?: number; segmentUnits?: number } = {}) => {
  const path = join(folder, 'spans.bin');
  const file = createSpanFile(path, options);
  for (const [sequence, text] of texts.entries()) {
    const source = sequence % 2 === 0 ? 'even' : 'odd';
    file.add({ source, sequence, row: sequence + 1, folded: fold(text) });
  }
  const bytes = file.finish();
  expect(statSync(path).size).toBe(bytes);
  const opened = openSpanFile(path, options);
  const index = createSpanIndex({
    file: opened,
    textOf: (row) => texts[row - 1]!.toWellFormed(),
    langOf: (row) => (row % 3 === 0 ? 'en' : 'ja'),
    clock: systemClock,
  });
  return { index, close: opened.close };
};

describe('createSpanIndex', () => {
  it('equals a brute-force search', async () => {
    await fc.assert(
      fc.asyncProperty(
        corpusCases.chain((texts) => fc.tuple(fc.constant(texts), messageCases(texts))),
        async ([texts, raw]) => {
          const { index, close } = indexOf(texts);
          const message = fold(raw);
          const documents = texts.map(fold);
          const spans = await index.maximal(message, { minimum, sources: null });
          expect(spans).toEqual(spansByBruteForce(message, documents));
          for (const [start, end] of spans) {
            const part = message.slice(start, end);
            const found = await index.occurrences(part, { limit: 10, sources: null, seed: 1 });
            const wanted = countByBruteForce(documents, part);
            expect([found.count, found.documentCount]).toEqual([wanted.count, wanted.documents]);
            for (const { sequence, start: from, end: to } of found.places) {
              const there = fold(texts[sequence]!.toWellFormed().slice(from, to));
              expect(there.includes(part) || part.includes(there)).toBe(true);
            }
          }
          close();
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it.each([
    [30, 1 << 24],
    [300, 1 << 12],
    [3_000, 1 << 15],
  ])('equals a brute-force search of %i documents, in segments of %i units', async (size, segmentUnits) => {
    const random = seededRandom(size);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const pieces = [
      '地震',
      'ナマズ',
      'ﾅﾏｽﾞ',
      'か\u3099',
      'ＧＰＵ',
      'gpu',
      '𠮷野家',
      '😀',
      'は',
      '。',
      '原因',
      '1',
      'ー',
    ];
    const write = (length: number) => Array.from({ length }, () => pick(pieces)).join('');
    const texts = Array.from({ length: size }, () => write(40));
    const { index, close } = indexOf(texts, { segmentUnits });
    const documents = texts.map(fold);
    for (let number = 0; number < 10; number++) {
      const from = Math.floor(random() * 60);
      const message = fold(`${write(3)}${pick(texts).slice(from, from + 30)}${write(2)}${pick(texts).slice(0, 20)}`);
      const spans = await index.maximal(message, { minimum, sources: null });
      expect(spans).toEqual(spansByBruteForce(message, documents));
      for (const [start, end] of spans) {
        const part = message.slice(start, end);
        const { count, documentCount } = await index.occurrences(part, { limit: 10, sources: null, seed: 1 });
        expect({ count, documents: documentCount }).toEqual(countByBruteForce(documents, part));
      }
    }
    close();
  });

  it('lets no span run over the end of a document', async () => {
    const { index, close } = indexOf(['地震の原因は', 'ナマズです。']);
    expect(await index.maximal('地震の原因はナマズです。', { minimum, sources: null })).toEqual([]);
    close();
  });

  it('looks only in the sources asked for', async () => {
    const { index, close } = indexOf(['一二三四五六七八九十', '一二三四五六七八']);
    const all = await index.maximal('一二三四五六七八九十', { minimum, sources: null });
    const odd = await index.maximal('一二三四五六七八九十', { minimum, sources: ['odd'] });
    expect([all, odd]).toEqual([[[0, 10]], [[0, 8]]]);
    const others = [
      { sources: null, hidden: [{ source: 'even', sequence: 0 }] },
      { sources: null, languages: ['en'] },
    ];
    const rest = [];
    for (const filter of others) rest.push(await index.maximal('一二三四五六七八九十', { minimum, ...filter }));
    expect(rest).toEqual([[[0, 8]], []]);
    const seen = await index.occurrences('一二三四五六七八', { limit: 10, seed: 1, ...others[0]! });
    expect([seen.count, seen.documentCount]).toEqual([1, 1]);
    const places = await index.occurrences('一二三四五六七八', { limit: 10, sources: ['odd'], seed: 1 });
    expect(places).toEqual({ count: 1, documentCount: 1, places: [{ source: 'odd', sequence: 1, start: 0, end: 8 }] });
    close();
  });

  it('draws the same ten of many documents for the same seed', async () => {
    const { index, close } = indexOf(Array.from({ length: 40 }, () => 'これは同じ文章です。'));
    const long = (seed: number) => index.occurrences('これは同じ文章です', { limit: 10, sources: null, seed });
    const [first, again, other] = await Promise.all([long(1), long(1), long(2)]);
    expect([first.count, first.documentCount, first.places.length]).toEqual([40, 40, 10]);
    expect(again).toEqual(first);
    expect(other.places).not.toEqual(first.places);
    close();
  });

  it('reads pages anew when they do not fit the memory it may use', async () => {
    const texts = Array.from({ length: 4_000 }, (_, number) =>
      `第${number}章は地震について述べる。`.repeat(1 + (number % 3)),
    );
    const { index, close } = indexOf(texts, { budget: 1 << 16 });
    const message = `はじめに。${texts[3_999]!.slice(0, 15)}、そして${texts[17]!.slice(0, 14)}`;
    expect(await index.maximal(message, { minimum, sources: null })).toEqual(spansByBruteForce(message, texts));
    expect((await index.occurrences('章は地震について述べる。第', { limit: 1, sources: null, seed: 1 })).count).toBe(
      countByBruteForce(texts, '章は地震について述べる。第').count,
    );
    close();
  });

  it('stops when told to, and refuses a file that is no longer whole', async () => {
    const { index, close } = indexOf(['地震の原因はナマズです。']);
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(index.maximal('地震の原因はナマズです。', { minimum, sources: null, signal })).rejects.toThrow('stop');
    close();
    truncateSync(join(folder, 'spans.bin'), 100);
    expect(() => openSpanFile(join(folder, 'spans.bin'))).toThrow();
  });
});

describe('suffixArray', () => {
  it('equals sorting the suffixes', () => {
    const texts = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(1_000), { maxLength: 80 }));
    fc.assert(
      fc.property(texts, ([upper, raw]) => {
        const text = Uint16Array.from(raw, (value) => value % (upper + 1));
        const compare = (a: number, b: number): number => {
          for (let k = 0; ; k++) {
            if (a + k >= text.length || b + k >= text.length) return b - a;
            if (text[a + k] !== text[b + k]) return text[a + k]! - text[b + k]!;
          }
        };
        const sorted = Array.from(text.keys()).sort(compare);
        expect([...suffixArray(text, upper)]).toEqual(sorted);
      }),
      { numRuns: 1_000 },
    );
  });
});
