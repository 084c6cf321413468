import { type EmbeddingPreset, embeddingPresets } from '../embedding/presets.ts';
import type { OnnxEmbeddingConfig, OpenAiEmbeddingConfig } from './config.ts';
import type { DeclaredEmbedding } from './embedding-schema.ts';
import { type PlaceContext, placeOf } from './model-place.ts';

/** The embedder as declared, what was left out taken from its preset. */
export const embeddingFrom = (
  { preset, cacheMegabytes, ...declared }: DeclaredEmbedding,
  context: PlaceContext,
): OnnxEmbeddingConfig | OpenAiEmbeddingConfig => {
  const known: Partial<EmbeddingPreset> = preset === undefined ? {} : embeddingPresets[preset];
  const cacheBytes = cacheMegabytes * 2 ** 20;
  const {
    queryPrefix,
    passagePrefix,
    centred = known.centred ?? false,
    cache = declared.provider === 'openai',
  } = declared;
  if (declared.provider === 'onnx') {
    return {
      provider: declared.provider,
      ...placeOf('embedding', declared, context),
      pooling: declared.pooling ?? known.pooling ?? 'mean',
      queryPrefix: queryPrefix ?? known.queryPrefix ?? '',
      passagePrefix: passagePrefix ?? known.passagePrefix ?? '',
      centred,
      cache,
      cacheBytes,
      workers: declared.workers ?? null,
    };
  }
  const dimensions = declared.dimensions ?? known.dimensions;
  if (dimensions === undefined) {
    context.problems.push({
      path: 'embedding.dimensions',
      found: 'nothing',
      expected: 'the length of the vectors that the model gives, or a preset that knows it',
    });
  }
  // A server that is told the role puts the prefix itself.
  const prefixes = declared.inputType ? {} : known;
  return {
    ...declared,
    apiKey: context.env.EMBEDDING_API_KEY?.trim() || null,
    dimensions: dimensions ?? 0,
    queryPrefix: queryPrefix ?? prefixes.queryPrefix ?? '',
    passagePrefix: passagePrefix ?? prefixes.passagePrefix ?? '',
    centred,
    cache,
    cacheBytes,
  };
};
