import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanMessage } from './clean-message.ts';

test.each([
  ['<@U0BOT> 地震の原因は？', '地震の原因は？'],
  ['地震の原因は？ <@U0BOT|demo-3m-finetuned>', '地震の原因は？'],
  ['<@U0BOT>　<@U1> どう思う？', 'どう思う？'],
  ['<#C1|general> の話', '#general の話'],
  ['<#C1> の話', 'の話'],
  ['<https://example.com/a?b=1&amp;c=2|この記事> を要約して', 'この記事 を要約して'],
  ['<https://example.com/a?b=1&amp;c=2>', 'https://example.com/a?b=1&c=2'],
  ['<mailto:a@example.com|a@example.com> へ', 'a@example.com へ'],
  ['<mailto:a@example.com> へ', 'a@example.com へ'],
  [
    '<!here> と <!subteam^S1|@lab> と <!subteam^S2> と <!date^1700000000^{date}|11 月 14 日>',
    '@here と @lab と  と 11 月 14 日',
  ],
  ['1 &lt; 2 &amp;&amp; 3 &gt; 2', '1 < 2 && 3 > 2'],
  ['&amp;lt; と書く', '&lt; と書く'],
  [':wave: やあ', ':wave: やあ'],
  ['```\nif a:\n    b\n```', '```\nif a:\n    b\n```'],
  ['', ''],
])('%j → %j', (text, question) => {
  expect(cleanMessage(text)).toBe(question);
});

test('what a person typed comes back as typed, but for space at the ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
      const sent = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      expect(cleanMessage(`<@U0BOT> ${sent}`)).toBe(typed.trim());
    }),
  );
});
