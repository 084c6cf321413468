import { describe, expect, it } from '@jest/globals';
import { createCollapser } from './collapse-duplicates.ts';
import type { StoredPassage } from './ports.ts';

const quake = '昔の人は、地面の下に大きなナマズがすんでいて、暴れると地震が起こると信じていた。';
const passage = (sequence: number, text: string, start = 0): StoredPassage => ({
  id: `web:${sequence}:${start}-${start + text.length}`,
  documentId: `d${sequence}`,
  source: 'web',
  sequence,
  title: null,
  url: null,
  lang: 'ja',
  text,
  start,
  end: start + text.length,
});
const collapse = (...passages: StoredPassage[]) => {
  const collapser = createCollapser(new Map(passages.map((one) => [one.id, one])));
  const hits = passages.map(({ id }, index) => ({ passageId: id, score: 1 - index / 100, parts: {} }));
  collapser.add(hits.slice(0, 2));
  collapser.add(hits.slice(2));
  return collapser.kept.map(({ passageId, duplicates, others }) => [
    passageId.split(':')[1],
    duplicates,
    others.map(({ start }) => start),
  ]);
};

describe('createCollapser', () => {
  it('counts other documents that say the same, whatever the width, the signs and a word or two', () => {
    expect(
      collapse(
        passage(0, quake),
        passage(1, quake.replaceAll('、', ' ')),
        passage(2, `${quake}そうだ`),
        passage(3, quake.replace('ナマズ', 'ﾅﾏｽﾞ')),
        passage(4, '狐は人を化かすと言われる。'),
      ),
    ).toEqual([
      ['0', 3, []],
      ['4', 0, []],
    ]);
  });

  it('keeps apart what shares a sentence only, and what is too short to tell', () => {
    const longer = `${quake}江戸の町で大きな地震があった後には、ナマズをこらしめる絵が飛ぶように売れたと伝えられる。`;
    expect(collapse(passage(0, quake), passage(1, longer)).length).toBe(2);
    expect(
      collapse(passage(0, '地震'), passage(1, '津波'), passage(2, '地震'), passage(3, '。'), passage(4, '、')),
    ).toEqual([
      ['0', 1, []],
      ['1', 0, []],
      ['3', 0, []],
      ['4', 0, []],
    ]);
  });

  it('puts the passages of a document under its best', () => {
    expect(
      collapse(
        passage(0, quake, 400),
        passage(1, '狐は人を化かす。'),
        passage(0, '要石で押さえる。', 0),
        passage(0, quake, 800),
      ),
    ).toEqual([
      ['0', 0, [0, 800]],
      ['1', 0, []],
    ]);
  });
});
