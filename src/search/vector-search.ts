import type { Embedder } from '../embedding/embedder.ts';
import type { WeightedText } from './plan.ts';
import type { EngineOptions, ScoredPassage, VectorIndex } from './ports.ts';

/** The sum of vectors by their weights, at length 1; null when none has a vector. */
const mix = (vectors: readonly (Float32Array | null)[], weights: readonly number[]): Float32Array | null => {
  const present = vectors.flatMap((vector, index) => (vector ? [{ vector, weight: weights[index]! }] : []));
  if (present.length === 0) return null;
  const sum = new Float32Array(present[0]!.vector.length);
  for (const { vector, weight } of present) {
    for (let index = 0; index < sum.length; index++) sum[index]! += weight * vector[index]!;
  }
  const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  return length > 0 ? sum.map((value) => value / length) : null;
};

/** Embeds the texts of each query, and searches with each; of a passage found by several the best score counts. */
export const searchByVector = async (
  queries: readonly (readonly WeightedText[])[],
  { embedder, vector }: { embedder: Embedder; vector: VectorIndex },
  options: EngineOptions,
): Promise<ScoredPassage[]> => {
  const { signal, limit } = options;
  const texts = [...new Set(queries.flat().map(({ text }) => text))];
  const embedded = await embedder.embed(texts, 'query', { signal });
  const vectorOf = new Map(texts.map((text, index) => [text, embedded[index] ?? null]));
  const best = new Map<string, ScoredPassage>();
  for (const query of queries) {
    const mixed = mix(
      query.map(({ text }) => vectorOf.get(text) ?? null),
      query.map(({ weight }) => weight),
    );
    for (const hit of mixed ? await vector.search(mixed, options) : []) {
      if (hit.score > (best.get(hit.passageId)?.score ?? Number.NEGATIVE_INFINITY)) best.set(hit.passageId, hit);
    }
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score).slice(0, limit);
};
