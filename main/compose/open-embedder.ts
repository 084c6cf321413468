import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { openEmbeddingCache } from '../../src/embedding/cache.ts';
import { toBeCentred } from '../../src/embedding/centring.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { createOnnxEmbedder } from '../../src/embedding/onnx/onnx-embedder.ts';
import { createOpenAiEmbedder } from '../../src/embedding/openai/openai-embedder.ts';
import type { OnnxHost } from '../../src/onnx/host.ts';

/** The cache is opened by the first passage: whoever only searches has no need of it. */
const cachedIn = (file: string, embedder: Embedder): Embedder => {
  let cache: ReturnType<typeof openEmbeddingCache> | null = null;
  let wrapped: Embedder | null = null;
  return {
    ...embedder,
    embed: (texts, role, options) => {
      if (role === 'query') return embedder.embed(texts, role, options);
      cache ??= openEmbeddingCache({ file });
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

/** The configured embedder; null: none is configured, and vector search is off. */
export const openEmbedder = async (
  { embedding, dataDirectory }: Pick<Config, 'embedding' | 'dataDirectory'>,
  host: OnnxHost,
): Promise<Embedder | null> => {
  if (embedding === null) return null;
  const model =
    embedding.provider === 'onnx'
      ? await createOnnxEmbedder({ host, ...embedding })
      : createOpenAiEmbedder({ ...embedding, clock: systemClock, random: Math.random });
  const embedder = embedding.cache ? cachedIn(join(dataDirectory, 'cache', 'embeddings.sqlite'), model) : model;
  return embedding.centred ? toBeCentred(embedder) : embedder;
};
