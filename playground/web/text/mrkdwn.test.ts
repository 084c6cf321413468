import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hrefsOf } from '../testing/links-of.ts';
import { encodeEntities } from './entities.ts';
import { parseMrkdwn } from './mrkdwn.ts';
import { blockText } from './plain-text.ts';

const text = (value: string) => ({ kind: 'text', text: value });
const inline = (source: string) => {
  const [block] = parseMrkdwn(source);
  return block?.kind === 'paragraph' ? block.children : block;
};

describe('mrkdwn', () => {
  it('reads bold, italic, strike and code', () => {
    expect(inline('a *b* _c_ ~d~ `e *f*`')).toEqual([
      text('a '),
      { kind: 'bold', children: [text('b')] },
      text(' '),
      { kind: 'italic', children: [text('c')] },
      text(' '),
      { kind: 'strike', children: [text('d')] },
      text(' '),
      { kind: 'code', text: 'e *f*' },
    ]);
  });

  it('nests marks of different kinds', () => {
    expect(inline('_*both*_')).toEqual([{ kind: 'italic', children: [{ kind: 'bold', children: [text('both')] }] }]);
  });

  it.each(['snake_case_name', '2 * 3 * 4', 'a*b*c', '* not bold *', '地下の*岩盤*が', '「*重要*」', '**', '*a\nb*'])(
    'shows the marks of %j as Slack does',
    (source) => expect(inline(source)).toEqual([text(source)]),
  );

  it('takes a zero-width space for a boundary inside Japanese', () => {
    expect(inline('地下の\u200b*岩盤*\u200bが')).toEqual([
      text('地下の\u200b'),
      { kind: 'bold', children: [text('岩盤')] },
      text('\u200bが'),
    ]);
  });

  it('resolves people, channels, broadcasts, links and entities', () => {
    expect(inline('<@U01> <#C02|general> <!here> <https://a.example/x?a=1&amp;b=2|見る &lt;&gt;> &amp;')).toEqual([
      { kind: 'user', id: 'U01', label: null },
      text(' '),
      { kind: 'channel', id: 'C02', label: 'general' },
      text(' '),
      { kind: 'broadcast', name: 'here' },
      text(' '),
      { kind: 'link', href: 'https://a.example/x?a=1&b=2', children: [text('見る <>')] },
      text(' &'),
    ]);
  });

  it('tells a moment, to be shown in the own time of who reads, and what to say where that cannot be', () => {
    expect(
      inline('<!date^1795521600^{date_short_pretty} {time}|2026-11-24 04:00 UTC> <!date^soon^{date}|soon>'),
    ).toEqual([{ kind: 'date', at: 1_795_521_600_000, text: '2026-11-24 04:00 UTC' }, text(' soon')]);
  });

  it('makes a link of a bare address and leaves the sentence around it', () => {
    expect(inline('https://a.example/xを見る。(https://b.example/).')).toEqual([
      { kind: 'link', href: 'https://a.example/x', children: [text('https://a.example/x')] },
      text('を見る。('),
      { kind: 'link', href: 'https://b.example/', children: [text('https://b.example/')] },
      text(').'),
    ]);
  });

  it('makes none in a verbatim text, but for those in brackets', () => {
    const tree = parseMrkdwn('https://a.example <https://b.example/|b>', { bareLinks: false });
    expect(hrefsOf(tree)).toEqual(['https://b.example/']);
  });

  it('shows the label of a link that must not be followed, as text', () => {
    expect(inline('<javascript:alert(1)|press> <data:text/html,x>')).toEqual([text('press data:text/html,x')]);
  });

  it('draws known emoji and keeps unknown names', () => {
    expect(inline(':mag: :nosuchthing: 12:30:45')).toEqual([
      { kind: 'emoji', name: 'mag', character: '🔍' },
      text(' :nosuchthing: 12:30:45'),
    ]);
  });

  it('splits quotes and fenced code from paragraphs', () => {
    expect(parseMrkdwn('a\n> b\n&gt; *c*\nd\n```\nx < y &lt;\n```\ne')).toEqual([
      { kind: 'paragraph', children: [text('a')] },
      {
        kind: 'quote',
        children: [{ kind: 'paragraph', children: [text('b\n'), { kind: 'bold', children: [text('c')] }] }],
      },
      { kind: 'paragraph', children: [text('d')] },
      { kind: 'code', text: 'x < y <', language: null },
      { kind: 'paragraph', children: [text('e')] },
    ]);
  });

  it('keeps every character of a text that a person escaped and that has no marks', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((value) => !/[*_~`:\n]|https?|^>/.test(value)),
        (value) => {
          expect(blockText(parseMrkdwn(encodeEntities(value)))).toBe(value);
        },
      ),
    );
  });

  const marks = fc.constantFrom('*', '_', '~', '`', '```', '> ', '&gt;', '<', '>', '|', ' ', '\n', '岩', 'a', ':mag:');

  it('loses no letter, whatever the marks around it', () => {
    fc.assert(
      fc.property(fc.array(marks.filter((mark) => !'<|>:mag:&gt;'.includes(mark) || mark === 'a')), (pieces) => {
        const source = pieces.join('');
        const letters = (value: string) => value.replace(/[^岩a]/g, '');
        expect(letters(blockText(parseMrkdwn(source)))).toBe(letters(source));
      }),
    );
  });

  it('never throws and never lets another scheme through', () => {
    const scheme = fc.constantFrom('javascript:', 'JaVaScRiPt:', 'data:text/html,', 'vbscript:', 'https://', 'mailto:');
    fc.assert(
      fc.property(fc.array(fc.oneof(marks, scheme, fc.string())), (pieces) => {
        for (const href of hrefsOf(parseMrkdwn(pieces.join('')))) expect(href).toMatch(/^(?:https?|mailto):/);
      }),
    );
  });

  it.each(['*', '_', '~', '`', '<', '>', '> ', '&gt;', '```', '*_~', '<a', '*a ', 'https://', ':a', '*a\n', '_*'])(
    'reads a long run of %j in bounded time',
    (piece) => {
      const started = process.cpuUsage();
      const blocks = parseMrkdwn(piece.repeat(40_000 / piece.length));
      const { user, system } = process.cpuUsage(started);
      expect(blocks.length).toBeGreaterThan(0);
      expect((user + system) / 1e6).toBeLessThan(3);
    },
  );
});
