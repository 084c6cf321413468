import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sampleToken } from './sample-token.ts';

const never = (): number => {
  throw new Error('greedy draws nothing');
};
const logits = fc.float32Array({ minLength: 1, maxLength: 50, min: -30, max: 30, noNaN: true });
const uniform = fc.double({ min: 0, max: 0.999999, noNaN: true });

test('greedy takes the likeliest token, the first of equals', () => {
  expect(sampleToken(Float32Array.of(1, 3, 3, 2), { temperature: 0, topP: 1 }, never)).toBe(1);
});

test('a token that is drawn is in the nucleus: the likelier ones together lack the share', () => {
  fc.assert(
    fc.property(
      logits,
      uniform,
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.double({ min: 0.1, max: 3, noNaN: true }),
      (values, random, topP, temperature) => {
        const token = sampleToken(values, { temperature, topP }, () => random);
        const weights = [...values].map((value) => Math.exp((value - Math.max(...values)) / temperature));
        const total = weights.reduce((a, b) => a + b, 0);
        const likelier = weights.filter((weight) => weight > weights[token]!).reduce((a, b) => a + b, 0);
        expect(likelier).toBeLessThan(topP * total + 1e-9);
      },
    ),
  );
});

test('many draws come out in proportion to the probabilities', () => {
  const counts = [0, 0, 0];
  const draws = 3000;
  // Even steps through [0, 1) in place of chance: the shares then come out to within one draw a token.
  for (let k = 0; k < draws; k += 1) {
    const values = Float32Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.2));
    counts[sampleToken(values, { temperature: 1, topP: 1 }, () => k / draws)]! += 1;
  }
  expect(counts.map((count) => Math.round((count / draws) * 100))).toEqual([50, 30, 20]);
});

test('a small nucleus leaves only the likeliest token', () => {
  fc.assert(
    fc.property(uniform, (random) => {
      const values = Float32Array.of(0, 5, 1);
      expect(sampleToken(values, { temperature: 1, topP: 0.5 }, () => random)).toBe(1);
    }),
  );
});
