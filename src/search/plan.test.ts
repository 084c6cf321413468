import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanMessage } from './clean-message.ts';
import { planSearch } from './plan.ts';

const plan = (text: string, question: string | null = null) => planSearch({ text, question });
const tokens = (text: string) => plan(text).keyword.map(({ token }) => token);

describe('cleanMessage', () => {
  it.each([
    ['<@U012AB3CD> 地震の原因は？ :mag:', '地震の原因は？'],
    ['see <https://example.com/a|the page> or <https://example.com>', 'see the page or'],
    ['<!here> <#C1|general> a &lt;b&gt; &amp;amp;', 'a <b> &amp;'],
    ['```python\nprint(1)\n```', 'print(1)\n'.trim()],
    ['at 10:30:45 sharp :+1::skin-tone-2:', 'at 10:30:45 sharp'],
    ['std::vector::size', 'std::vector::size'],
    ['', ''],
  ])('%j becomes %j', (message, text) => {
    expect(cleanMessage(message)).toBe(text);
  });
});

describe('planSearch', () => {
  it('takes one word', () => {
    expect(plan('地震')).toEqual({
      text: '地震',
      keyword: [{ token: '地震', weight: 2 }],
      vector: [[{ text: '地震', weight: 1 }]],
      language: 'ja',
    });
  });

  it('sets the question beside the answer with half its weight', () => {
    const { keyword, vector } = plan('いいえ。岩盤がずれます。', '<@U1> 地震の原因は？');
    expect(keyword.find(({ token }) => token === '岩盤')?.weight).toBe(2);
    expect(keyword.find(({ token }) => token === '地震')?.weight).toBe(1);
    expect(vector).toEqual([
      [
        { text: 'いいえ。岩盤がずれます。', weight: 1 },
        { text: '地震の原因は？', weight: 0.5 },
      ],
    ]);
  });

  it('drops loops', () => {
    const looped = plan('大ナマズは昔の人の言い伝えです。'.repeat(200));
    expect(looped.text.length).toBe(3_200);
    expect(looped.vector.flat()).toEqual([{ text: '大ナマズは昔の人の言い伝えです。', weight: 1 }]);
    expect(looped.keyword).toEqual(plan('大ナマズは昔の人の言い伝えです。').keyword);
  });

  it('cuts a long text into a few claims of whole sentences', () => {
    const long = Array.from(
      { length: 100 },
      (_, number) => `これは${number}番目の文で、ほかとは違うことを述べています。`,
    ).join('');
    const { vector } = plan(long);
    expect(vector.length).toBe(4);
    for (const [claim] of vector) expect(claim!.text).toMatch(/^これは.*。$/s);
  });

  it('asks nothing where nothing is said', () => {
    for (const text of ['', ' ', '<@U1>', ':mag:']) {
      expect(plan(text)).toEqual({ text: '', keyword: [], vector: [], language: null });
    }
    expect(tokens('です')).toEqual([]);
  });

  it('leaves addresses out of the query, not out of the text', () => {
    expect(plan('https://example.com/x を見て').text).toBe('https://example.com/x を見て');
    expect(tokens('https://example.com/x 地震')).toEqual(['地震']);
  });

  it('is quick whatever it is given', () => {
    const began = performance.now();
    for (const text of [
      'ab'.repeat(20_000),
      'a'.repeat(40_000),
      `${'<@'.repeat(9_000)}`,
      ':a'.repeat(20_000),
      '。'.repeat(40_000),
    ])
      plan(text);
    expect(performance.now() - began).toBeLessThan(3_000);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => plan(text, text).text.length <= text.length),
    );
  });
});
