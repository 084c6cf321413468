import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeText, inlineText, safeMarkdown } from './escape.ts';

/** Text made of the pieces that could do harm, cut and joined in any way. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom('<!channel>', '<@U123>', '<#C1|x>', '<http://e.org|bank>', '&lt;', '](', '[x]: ', '![', '@here'),
      fc.constantFrom(
        '*',
        '_',
        '~',
        '`',
        '```',
        '\n',
        '> ',
        '<',
        '>',
        '&',
        '!',
        '@',
        'https://e.org',
        'www.e.org',
        ':',
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

const decoded = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

it('leaves nothing that Slack could read as a control sequence, and loses nothing', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const escaped = escapeText(text);
      expect(escaped).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
      expect(decoded(escaped)).toBe(text);
    }),
    { numRuns: 10_000 },
  );
});

it('lets no mark of a title open or close a format of ours', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const inline = inlineText(text);
      expect(inline).not.toMatch(/[<>*~`\n]|&(?!(amp|lt|gt);)|(^|[^\p{L}\p{N}])_|_([^\p{L}\p{N}]|$)/u);
    }),
    { numRuns: 10_000 },
  );
  expect(inlineText(' ja_encyclopedia\n *x* ')).toBe('ja_encyclopedia ∗x∗');
});

it('keeps the layout of model text and takes its mentions and links', () => {
  const text = [
    '# A *b*',
    '[click](https://evil.example/?q=secret) ![x](http://a/b.png)',
    '[r]: https://evil.example',
    'a < b && <!channel> @channel me@lab.org',
    '```js',
    'f[0](x); // https://kept.example',
    '```',
  ].join('\n');
  const seen = decoded(safeMarkdown(text)).replaceAll('\u2060', '·');
  expect(seen).toBe(
    [
      '# A *b*',
      '[click]·(https:·//evil.example/?q=secret) ![x]·(http:·//a/b.png)',
      '[r]·: https:·//evil.example',
      'a < b && <!channel> @channe·l me@·lab.org',
      '```js',
      'f[0](x); // https://kept.example',
      '```',
    ].join('\n'),
  );
});

it('grows with the text, so that a stream can send the difference', () => {
  fc.assert(
    fc.property(nasty, nasty, (head, tail) => {
      expect(safeMarkdown(head + tail).startsWith(safeMarkdown(head))).toBe(true);
      expect(safeMarkdown(head)).not.toMatch(/[<>]|@(channel|here|everyone)/i);
    }),
    { numRuns: 10_000 },
  );
});
