import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hrefsOf } from '../testing/links-of.ts';
import { parseMarkdown } from './markdown.ts';
import { blockText } from './plain-text.ts';

const text = (value: string) => ({ kind: 'text', text: value });
const paragraph = (...children: unknown[]) => ({ kind: 'paragraph', children });
const inline = (source: string) => {
  const [block] = parseMarkdown(source);
  return block?.kind === 'paragraph' ? block.children : block;
};

describe('Markdown', () => {
  it('reads emphasis, also without spaces in Japanese', () => {
    expect(inline('地下の**岩盤**が*急に*~~ずれ~~て ***a***')).toEqual([
      text('地下の'),
      { kind: 'bold', children: [text('岩盤')] },
      text('が'),
      { kind: 'italic', children: [text('急に')] },
      { kind: 'strike', children: [text('ずれ')] },
      text('て '),
      { kind: 'bold', children: [{ kind: 'italic', children: [text('a')] }] },
    ]);
  });

  it.each(['snake_case_name', '2 * 3 * 4', 'half **open', '~5 kg', '[x] (y)', '<b>html</b>', 'a ****'])(
    'leaves %j as it is',
    (source) => expect(inline(source)).toEqual([text(source)]),
  );

  it('reads code, links, escapes, entities, mentions and emoji', () => {
    expect(inline('`` a`b `` [見る](https://a.example "t") \\*x\\* &lt; <@U01> :tada:')).toEqual([
      { kind: 'code', text: 'a`b' },
      text(' '),
      { kind: 'link', href: 'https://a.example/', children: [text('見る')] },
      text(' *x* < '),
      { kind: 'user', id: 'U01', label: null },
      text(' '),
      { kind: 'emoji', name: 'tada', character: '🎉' },
    ]);
  });

  it('shows a label alone where the link must not be followed', () => {
    expect(inline('[**x**](javascript:alert(1)) ![img](data:image/png;base64,AA)')).toEqual([
      { kind: 'bold', children: [text('x')] },
      text(' img'),
    ]);
  });

  it('reads headings, rules, quotes and fenced code', () => {
    expect(parseMarkdown('## Title ##\n---\n> a\n> b\n\n```ts\nif (a &lt; b) **c**\n```\nend')).toEqual([
      { kind: 'heading', level: 2, children: [text('Title')] },
      { kind: 'rule' },
      { kind: 'quote', children: [paragraph(text('a\nb'))] },
      { kind: 'code', text: 'if (a < b) **c**', language: 'ts' },
      paragraph(text('end')),
    ]);
  });

  it('reads nested, ordered and task lists', () => {
    expect(parseMarkdown('- a\n  - b\n- [x] c\n\n3. d\n4. e')).toEqual([
      {
        kind: 'list',
        ordered: false,
        start: 1,
        items: [
          {
            checked: null,
            children: [
              paragraph(text('a')),
              { kind: 'list', ordered: false, start: 1, items: [{ checked: null, children: [paragraph(text('b'))] }] },
            ],
          },
          { checked: true, children: [paragraph(text('c'))] },
        ],
      },
      {
        kind: 'list',
        ordered: true,
        start: 3,
        items: [
          { checked: null, children: [paragraph(text('d'))] },
          { checked: null, children: [paragraph(text('e'))] },
        ],
      },
    ]);
  });

  it('reads tables with their alignment', () => {
    expect(parseMarkdown('| 名 | 数 |\n|:--|--:|\n| a \\| b | **1** |\n後')).toEqual([
      {
        kind: 'table',
        align: ['left', 'right'],
        head: [[text('名')], [text('数')]],
        rows: [[[text('a | b')], [{ kind: 'bold', children: [text('1')] }]]],
      },
      paragraph(text('後')),
    ]);
  });

  it('takes an unfinished fence as code to the end', () => {
    expect(parseMarkdown('a\n```\nb')).toEqual([paragraph(text('a')), { kind: 'code', text: 'b', language: null }]);
  });

  const marks = fc.constantFrom(
    '*',
    '**',
    '_',
    '~~',
    '`',
    '\n```\n',
    '\n> ',
    '\n- ',
    '\n1. ',
    '\n# ',
    '|',
    '\n|-|-|\n',
  );
  const letters = fc.constantFrom(' ', '\n', '岩', 'a', '\n  ', '[', ']', '!', '\\', '(', ')');

  it('loses no letter, whatever the marks around it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            marks,
            letters.filter((each) => each !== '(' && each !== ')'),
          ),
        ),
        (pieces) => {
          const source = pieces.join('');
          const kept = (value: string) => value.replace(/[^岩]/g, '').length;
          // An `a` behind a fence may be its language; 岩 never stands there alone.
          const fenced = kept(source.replace(/(```|~~~)[^\n]*/g, ''));
          expect(kept(blockText(parseMarkdown(source)))).toBeGreaterThanOrEqual(fenced);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws and never lets another scheme through', () => {
    const target = fc.constantFrom(
      '](javascript:x)',
      '](data:x)',
      '](https://a.example)',
      '<javascript:x|',
      'https://b',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(marks, letters, target, fc.string())), (pieces) => {
        for (const href of hrefsOf(parseMarkdown(pieces.join('')))) expect(href).toMatch(/^(?:https?|mailto):/);
      }),
      { numRuns: 500 },
    );
  });

  const hostile = ['*', '**a ', '_', '~~', '`', '[', '](', '[a](', '![', '<', '> ', '>', '- ', '  - ', '1. ', '#', '|'];
  const more = ['|-', '\\', ' ', '[a](b "', '***', '* a\n', '> - ', 'a|b\n', '\n', '```\n', '[a][', '(('];
  it.each([...hostile, ...more])('reads a long run of %j in bounded time', (piece) => {
    const source = piece.repeat(40_000 / piece.length);
    const started = process.cpuUsage();
    parseMarkdown(source);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(3);
  });

  it('reads backtick runs of ever other lengths in bounded time', () => {
    const source = Array.from({ length: 280 }, (_, i) => '`'.repeat(i + 1)).join(' ');
    const started = process.cpuUsage();
    expect(blockText(parseMarkdown(source))).toBe(source);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(3);
  });
});
