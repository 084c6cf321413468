import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../search/seeded-random.ts';
import type { Winner } from '../store/feedback-records.ts';
import { type Judgement, rankEntrants } from './bradley-terry.ts';

const winners: readonly Winner[] = ['first', 'second', 'tie', 'both_bad'];
const vote: fc.Arbitrary<Judgement> = fc
  .record({
    first: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    second: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    winner: fc.constantFrom(...winners),
  })
  .filter(({ first, second }) => first !== second);
const rank = (votes: readonly Judgement[], samples = 20) => rankEntrants(votes, { random: seededRandom(1), samples });
const mirrored: Readonly<Record<Winner, Winner>> = {
  first: 'second',
  second: 'first',
  tie: 'tie',
  both_bad: 'both_bad',
};

describe('the table of comparisons', () => {
  it('recovers strengths that are known, within its intervals', () => {
    const known = { weak: 850, middle: 1_000, strong: 1_150 };
    const names = Object.keys(known) as (keyof typeof known)[];
    const random = seededRandom(7);
    const votes = Array.from({ length: 6_000 }, (): Judgement => {
      const first = names[Math.floor(random() * 3)] as keyof typeof known;
      const second = names.filter((name) => name !== first)[Math.floor(random() * 2)] as keyof typeof known;
      const chance = 1 / (1 + 10 ** ((known[second] - known[first]) / 400));
      return { first, second, winner: random() < chance ? 'first' : 'second' };
    });
    const table = rank(votes, 200);
    expect(table.map(({ name }) => name)).toEqual(['strong', 'middle', 'weak']);
    for (const { name, rating, low, high } of table) {
      expect(Math.abs(rating - known[name as keyof typeof known])).toBeLessThan(20);
      expect(low).toBeLessThan(rating);
      expect(high).toBeGreaterThan(rating);
      expect(high - low).toBeLessThan(40);
    }
  });

  it('does not depend on the order of votes, nor on who is named first', () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 40 }), fc.nat(), (votes, seed) => {
        const random = seededRandom(seed);
        const shuffled = votes
          .map((one) => ({ one, at: random() }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const turned = shuffled.map((one) =>
          random() < 0.5 ? one : { first: one.second, second: one.first, winner: mirrored[one.winner] },
        );
        expect(rank(turned)).toEqual(rank(votes));
      }),
    );
  });

  it('counts every vote once for each of its two, and keeps each rating finite', () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 40 }), (votes) => {
        const table = rank(votes);
        const total = table.reduce((sum, { wins, losses, ties, bothBad }) => sum + wins + losses + ties + bothBad, 0);
        expect(total).toBe(2 * votes.length);
        expect(table.every(({ rating, low, high }) => [rating, low, high].every(Number.isFinite))).toBe(true);
        for (const { group } of table) {
          const own = table.filter((one) => one.group === group);
          expect(own.reduce((sum, { rating }) => sum + rating, 0) / own.length).toBeCloseTo(1_000, 6);
        }
      }),
    );
  });

  it('holds equals equal: ties alone move nobody', () => {
    const votes = Array.from({ length: 9 }, (): Judgement => ({ first: 'a', second: 'b', winner: 'tie' }));
    expect(rank(votes)).toMatchObject([
      { name: 'a', rating: 1_000, low: 1_000, high: 1_000, ties: 9, group: 1 },
      { name: 'b', rating: 1_000, ties: 9, group: 1 },
    ]);
  });

  it('puts those who never met, not even through others, into groups of their own', () => {
    const votes: Judgement[] = [
      { first: 'a', second: 'b', winner: 'second' },
      { first: 'b', second: 'c', winner: 'first' },
      { first: 'x', second: 'y', winner: 'first' },
    ];
    expect(rank(votes).map(({ name, group }) => `${name}${group}`)).toEqual(['b1', 'a1', 'c1', 'x2', 'y2']);
    expect(rank([])).toEqual([]);
    expect(rank([{ first: 'a', second: 'a', winner: 'first' }])).toEqual([]);
  });
});
