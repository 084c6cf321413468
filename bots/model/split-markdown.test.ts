import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { safeMarkdown } from '../../src/slack/escape.ts';
import { splitMarkdown } from './split-markdown.ts';

it('leaves a short answer as it is', () => {
  expect(splitMarkdown('# A\n\ntext', 100)).toEqual(['# A\n\ntext']);
  expect(splitMarkdown('', 100)).toEqual(['']);
});

it('cuts at lines, and closes and opens a code block again', () => {
  const code = Array.from({ length: 30 }, (_, line) => `print(${line})`);
  const parts = splitMarkdown(['before', '```python', ...code, '```', 'after'].join('\n'), 200);
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts.slice(1, -1)) expect(part).toMatch(/^```python\nprint[\s\S]*\)\n```$/);
  expect(parts.at(-1)).toMatch(/```\nafter$/);
  expect(parts.join('\n').match(/print\(\d+\)/g)).toEqual(code);
});

it('loses nothing, splits no character, and keeps every part within its bound', () => {
  const words = fc.constantFrom(
    'あ',
    '地震。',
    'word ',
    '&',
    '<',
    '👩‍👩‍👧',
    '\n',
    '\n\n',
    '**b**',
    '| a | b |\n',
    'x'.repeat(80),
  );
  const text = fc.array(words, { maxLength: 400 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 200, max: 500 }), (written, most) => {
      const parts = splitMarkdown(written, most);
      for (const part of parts) expect(safeMarkdown(part).length).toBeLessThanOrEqual(most);
      const dense = (value: string): string => value.replace(/\s/g, '');
      expect(dense(parts.join(''))).toBe(dense(written));
      for (const part of parts) expect(part.isWellFormed()).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it('closes every code block that a part opens', () => {
  const lines = fc.array(fc.constantFrom('```', '```js', '~~~', 'code', 'text '.repeat(20)), { maxLength: 80 });
  fc.assert(
    fc.property(lines, (written) => {
      for (const part of splitMarkdown(`${written.join('\n')}\n${'end '.repeat(60)}`, 220).slice(0, -1)) {
        expect((part.match(/^(```|~~~)/gm)?.length ?? 0) % 2).toBe(0);
      }
    }),
    { numRuns: 1_000 },
  );
});
