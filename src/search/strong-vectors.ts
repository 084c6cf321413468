import type { AdaptiveOptions } from './fuse.ts';

/**
 * How much vectors count where the embedding model is a strong one whose vectors are centred (multilingual-e5): more, and
 * also where keywords cover a query. Chosen on the demonstration's 320 queries; docs/embedding.md has what it gives.
 */
export const strongVectors = {
  native: { covered: 0.4, uncovered: 0.2, least: 0.3, most: 1 },
  foreign: { covered: 0.45, uncovered: 0.35, least: 0.5, most: 1 },
} as const satisfies AdaptiveOptions;
