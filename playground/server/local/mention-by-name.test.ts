import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mentionByName } from './mention-by-name.ts';

const bots = [
  { name: 'demo', userId: 'U1' },
  { name: 'demo-model', userId: 'U2' },
  { name: 'a.b', userId: 'U3' },
];

describe('mentionByName', () => {
  it.each([
    ['@demo-model hi', '<@U2> hi'],
    ['@demo-model地震は？', '<@U2>地震は？'],
    ['ねえ@demo、', 'ねえ<@U1>、'],
    ['(@demo) @demo.', '(<@U1>) <@U1>.'],
    ['@a.b @axb', '<@U3> @axb'],
    ['@demo-models', '@demo-models'],
    ['me@demo', 'me@demo'],
    ['<@demo>', '<@demo>'],
    ['@demo.example', '@demo.example'],
  ])('%s → %s', (text, expected) => {
    expect(mentionByName(text, bots)).toBe(expected);
  });

  it('changes nothing but the names', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('@', 'demo', '-model', ' ', '<', '>', '地', '.', 'a.b', 'x')), (parts) => {
        const text = parts.join('');
        const restored = mentionByName(text, bots).replace(
          /<@(U\d)>/g,
          (_, id) => `@${bots.find(({ userId }) => userId === id)?.name}`,
        );
        expect(restored).toBe(text);
      }),
    );
  });
});
