import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../search/seeded-random.ts';
import { isSwapped } from './order.ts';
import { pairsOf, readComparison } from './pairs.ts';

const models = [
  { name: 'chat-a', template: 'chatml' },
  { name: 'base-a', template: 'none' },
  { name: 'base-b', template: 'none' },
] as const;
const calm = {
  name: 'calm',
  mode: 'chat',
  first: { model: 'chat-a', temperature: 0.2 },
  second: { model: 'chat-a' },
} as const;
const other = {
  ...calm,
  name: 'other',
  second: { model: 'chat-a', topP: 0.5, temperature: 1, system: '短く。' },
} as const;

describe('who can be compared', () => {
  it('names each side by its model and what was set, always the same way', () => {
    const [first, second] = pairsOf({ models, comparisons: [calm, other] });
    expect(first).toMatchObject({
      first: { name: 'chat-a (temperature 0.2)', model: 'chat-a', settings: { temperature: 0.2 } },
      second: { name: 'chat-a', settings: {} },
    });
    expect(second?.second.name).toBe('chat-a (temperature 1, topP 0.5, system “短く。”)');
  });

  it('takes the first two models of one kind where nothing is declared', () => {
    expect(pairsOf({ models, comparisons: [] })).toMatchObject([{ name: 'base-a base-b', mode: 'continuation' }]);
    expect(pairsOf({ models: models.slice(0, 2), comparisons: [] })).toEqual([]);
  });

  it('reads the name of a pair, two models, or a text alone', () => {
    const pairs = pairsOf({ models, comparisons: [calm, other] });
    const read = (text: string) => {
      const found = readComparison(text, pairs, models);
      return found && [found.pair.name, found.pair.mode, found.question];
    };
    expect(read('other  虹は\nなぜ？')).toEqual(['other', 'chat', '虹は\nなぜ？']);
    expect(read('base-b base-a むかし')).toEqual(['base-b base-a', 'continuation', 'むかし']);
    expect(read('虹はなぜ 見えるの？')).toEqual(['calm', 'chat', '虹はなぜ 見えるの？']);
    expect(read('chat-a とは？')).toEqual(['calm', 'chat', 'chat-a とは？']);
    for (const empty of ['', '  ', 'other', 'base-a base-b']) expect(read(empty)).toBeNull();
    expect(readComparison('虹', [], models)).toBeNull();
  });

  it('shows half of the people the answers the other way round, and each always the same', () => {
    const people = Array.from({ length: 2_000 }, (_, index) => isSwapped('c1', `U${index}`, seededRandom));
    const swapped = people.filter(Boolean).length;
    expect(swapped).toBeGreaterThan(900);
    expect(swapped).toBeLessThan(1_100);
    expect(isSwapped('c1', 'U7', seededRandom)).toBe(people[7]);
  });
});
