import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
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
import { createSpanIndex } from './spans.ts';

const guard = <T>(read: () => T): T => read();

const indexOf = async (texts: readonly string[]) => {
  const database = new DatabaseSync(':memory:');
  database.exec('create table documents (row integer primary key, source text, sequence integer, text text)');
  const insert = database.prepare('insert into documents (source, sequence, text) values (?, ?, ?)');
  for (const [sequence, text] of texts.entries()) insert.run(sequence % 2 === 0 ? 'even' : 'odd', sequence, text);
  return { index: await createSpanIndex({ database, clock: systemClock, guard }), database };
};

describe('createSpanIndex', () => {
  it('equals a brute-force search', async () => {
    await fc.assert(
      fc.asyncProperty(
        corpusCases.chain((texts) => fc.tuple(fc.constant(texts), messageCases(texts))),
        async ([texts, raw]) => {
          const { index, database } = await indexOf(texts);
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
