import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../seeded-random.ts';
import { createDotProducts } from './dot-products.ts';

const unitVector = (dimensions: number, random: () => number): Float32Array => {
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const plain = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

describe('dot products', () => {
  test('are those of a plain loop, for every length, number of vectors and size of a memory', () => {
    fc.assert(
      fc.property(
        fc.record({
          dimensions: fc.integer({ min: 1, max: 100 }),
          count: fc.integer({ min: 1, max: 40 }),
          blockBytes: fc.integer({ min: 1, max: 4_000 }),
          seed: fc.integer(),
        }),
        ({ dimensions, count, blockBytes, seed }) => {
          const random = seededRandom(seed);
          const vectors = Array.from({ length: count }, () => unitVector(dimensions, random));
          const products = createDotProducts({ count, dimensions, blockBytes });
          for (const [index, vector] of vectors.entries()) products.set(index, bytesOf(vector));
          const query = unitVector(dimensions, random);
          const found: number[] = [];
          while (found.length < count) found.push(...products.from(found.length, query));
          expect(found).toHaveLength(count);
          for (const [index, vector] of vectors.entries()) {
            expect(products.at(index)).toEqual(vector);
            expect(Math.abs(found[index]! - plain(vector, query))).toBeLessThanOrEqual(products.error);
          }
        },
      ),
    );
  });

  test('of more vectors than are multiplied in one go, and of long ones', () => {
    const random = seededRandom(5);
    for (const [count, dimensions] of [
      [5_000, 7],
      [12, 1_536],
    ] as const) {
      const vectors = Array.from({ length: count }, () => unitVector(dimensions, random));
      const products = createDotProducts({ count, dimensions });
      for (const [index, vector] of vectors.entries()) products.set(index, bytesOf(vector));
      for (const query of [vectors[3]!, unitVector(dimensions, random)]) {
        const found: number[] = [];
        while (found.length < count) found.push(...products.from(found.length, query));
        const off = vectors.map((vector, index) => Math.abs(found[index]! - plain(vector, query)));
        expect(Math.max(...off)).toBeLessThanOrEqual(products.error);
      }
    }
  });
});
