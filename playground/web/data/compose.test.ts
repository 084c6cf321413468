import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bootstrap } from '../testing/world.ts';
import { parseMrkdwn } from '../text/mrkdwn.ts';
import { blockText } from '../text/plain-text.ts';
import { complete, decodeText, encodeText, findTrigger, parseCommand, showMentions, suggest } from './compose.ts';
import { fromBootstrap } from './state.ts';

const { people, channels, commands } = fromBootstrap(bootstrap);
const world = { people, channels, commands, members: ['U1', 'U3'] };
const encode = (text: string) => encodeText(text, people, channels);

describe('what is being completed', () => {
  it.each([
    ['@', 1, { kind: 'person', query: '', start: 0 }],
    ['質問@de', 5, { kind: 'person', query: 'de', start: 2 }],
    ['see #pl', 7, { kind: 'channel', query: 'pl', start: 4 }],
    ['/ten', 4, { kind: 'command', query: 'ten', start: 0 }],
    ['ok :ta', 6, { kind: 'emoji', query: 'ta', start: 3 }],
  ])('%j with the caret at %i', (text, caret, expected) => expect(findTrigger(text, caret)).toEqual(expected));

  it.each([
    ['mail a@b', 8],
    ['12:30', 5],
    ['a /ten', 6],
    ['@de mo', 6],
    ['@demo', 0],
  ])('nothing in %j at %i', (text, caret) => expect(findTrigger(text, caret)).toBeNull());

  it('offers bots of the channel first, and finds people by either name', () => {
    const names = (query: string) =>
      suggest({ kind: 'person', query, start: 0 }, world).map(({ person }) => person?.name);
    expect(names('')).toEqual(['demo-3m-finetuned', 'hanako', 'tenkyo-search', 'alex']);
    expect(names('花')).toEqual(['hanako']);
    expect(names('HANA')).toEqual(['hanako']);
    expect(names('zzz')).toEqual([]);
  });

  it('puts what was chosen in the place of what was typed', () => {
    expect(complete('ask @de now', 7, { kind: 'person', query: 'de', start: 4 }, '@demo')).toEqual({
      text: 'ask @demo now',
      caret: 10,
    });
  });
});

describe('what is sent', () => {
  it('writes people and channels as Slack does, also right before Japanese', () => {
    expect(encode('@demo-3m-finetunedさん、@花子 と @hanako は #playground へ')).toBe(
      '<@U3>さん、<@U1> と <@U1> は <#C1> へ',
    );
  });

  it.each(['@demo-3m', '@demo-3m-finetuned-2', 'a@hanako', '@nobody'])('leaves %j, which names nobody', (text) =>
    expect(encode(text)).toBe(text),
  );

  it('escapes control characters and brackets addresses', () => {
    expect(encode('<@U3> & https://a.example/?a=1&b=2.')).toBe('&lt;@U3&gt; &amp; <https://a.example/?a=1&amp;b=2>.');
  });

  it('shows back every character that was typed', () => {
    const typed = fc.string({ unit: 'grapheme' }).filter((text) => !/[*_~`:@#]|^>|http/.test(text));
    fc.assert(fc.property(typed, (text) => expect(blockText(parseMrkdwn(encode(text)))).toBe(text)));
  });

  it('turns a prepared mention into a name and back', () => {
    const shown = showMentions('<@U3> 地震の原因は？ <@U999>', people);
    expect(shown).toBe('@demo-3m-finetuned 地震の原因は？ <@U999>');
  });

  it('gives what was sent back as it was typed, to be changed', () => {
    const typed = '@demo-3m-finetuned #playground で 1 < 2 & 3 > 2 は？ @here https://example.org/a?b=1&c=2';
    expect(decodeText(encode(typed), people, channels)).toBe(typed);
    const other = fc.string({ unit: 'grapheme' }).filter((text) => !/[<>@#]|http/.test(text));
    fc.assert(fc.property(other, (text) => expect(decodeText(encode(text), people, channels)).toBe(text)));
  });

  it.each([
    ['/tenkyo status now', { command: '/tenkyo', text: 'status now' }],
    [' /tenkyo ', { command: '/tenkyo', text: '' }],
    ['// not one', null],
    ['a /tenkyo', null],
    ['/path/to/file', null],
  ])('takes %j as a command or not', (typed, expected) => expect(parseCommand(typed)).toEqual(expected));
});
