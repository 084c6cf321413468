import type { Embedder } from '../../src/embedding/embedder.ts';

/** An embedder that knows the vector of each text beforehand; any other text has none. */
export const createTableEmbedder = (
  table: ReadonlyMap<string, Float32Array>,
  { dimensions, fingerprint = 'table' }: { dimensions: number; fingerprint?: string },
): Embedder => ({
  dimensions,
  fingerprint,
  embed: async (texts) => texts.map((text) => table.get(text) ?? null),
  close: async () => undefined,
});
