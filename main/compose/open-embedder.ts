import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import type { Config, OnnxEmbeddingConfig } from '../../src/config/config.ts';
import { type EmbeddingCacheOptions, openEmbeddingCache } from '../../src/embedding/cache.ts';
import { toBeCentred } from '../../src/embedding/centring.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { createOnnxEmbedder } from '../../src/embedding/onnx/onnx-embedder.ts';
import { createOpenAiEmbedder } from '../../src/embedding/openai/openai-embedder.ts';
import { mayHaveCuda } from '../../src/onnx/device.ts';
import { createOnnxHost, type OnnxHost } from '../../src/onnx/host.ts';

/** The cache is opened by the first passage: whoever only searches has no need of it. */
const cachedIn = (where: EmbeddingCacheOptions, embedder: Embedder): Embedder => {
  let cache: ReturnType<typeof openEmbeddingCache> | null = null;
  let wrapped: Embedder | null = null;
  return {
    ...embedder,
    embed: (texts, role, options) => {
      if (role === 'query') return embedder.embed(texts, role, options);
      cache ??= openEmbeddingCache(where);
      wrapped ??= cache.wrap(embedder);
      return wrapped.embed(texts, role, options);
    },
    close: async () => {
      cache?.close();
      cache = null;
      wrapped = null;
      await embedder.close();
    },
  };
};

/** The rest of the product needs a processor, too; a GPU is one, however many threads ask it. */
const threadsToSpare = (): number => (mayHaveCuda() ? 1 : Math.max(1, Math.min(4, availableParallelism() - 1)));

const openOnnx = ({ workers, ...model }: OnnxEmbeddingConfig, host: OnnxHost): Promise<Embedder> =>
  createOnnxEmbedder({
    host,
    ...model,
    parallel: { workers: workers ?? threadsToSpare(), createHost: createOnnxHost, clock: systemClock },
  });

/** The configured embedder; null: none is configured, and vector search is off. */
export const openEmbedder = async (
  { embedding, dataDirectory }: Pick<Config, 'embedding' | 'dataDirectory'>,
  host: OnnxHost,
): Promise<Embedder | null> => {
  if (embedding === null) return null;
  const model =
    embedding.provider === 'onnx'
      ? await openOnnx(embedding, host)
      : createOpenAiEmbedder({ ...embedding, clock: systemClock, random: Math.random });
  const { cache, cacheBytes, centred } = embedding;
  const file = join(dataDirectory, 'cache', 'embeddings.sqlite');
  const embedder = cache ? cachedIn({ file, limitBytes: cacheBytes }, model) : model;
  return centred ? toBeCentred(embedder) : embedder;
};
