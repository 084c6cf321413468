import { hubModelFolder } from '../embedding/onnx/hub-model.ts';
import { type EmbeddingPreset, embeddingPresets } from '../embedding/presets.ts';
import type { OnnxEmbeddingConfig, OpenAiEmbeddingConfig } from './config.ts';
import type { DeclaredEmbedding } from './embedding-schema.ts';
import type { Problem } from './problems.ts';
import type { Environment } from './tokens.ts';

const usualHub = 'https://huggingface.co';

/**
 * The embedder as declared, what was left out taken from its preset.
 *
 * @param problems what is wrong is added here
 */
export const embeddingFrom = (
  { preset, ...declared }: DeclaredEmbedding,
  {
    absolute,
    models,
    env,
    problems,
  }: {
    absolute: (path: string) => string;
    /** Folder of models that are fetched. */
    models: string;
    env: Environment;
    problems: Problem[];
  },
): OnnxEmbeddingConfig | OpenAiEmbeddingConfig => {
  const known: Partial<EmbeddingPreset> = preset === undefined ? {} : embeddingPresets[preset];
  const {
    queryPrefix,
    passagePrefix,
    centred = known.centred ?? false,
    cache = declared.provider === 'openai',
  } = declared;
  if (declared.provider === 'onnx') {
    const { provider, hub: id, path, revision } = declared;
    if ((id === undefined) === (path === undefined)) {
      problems.push({
        path: 'embedding',
        found: id === undefined ? 'neither `path` nor `hub`' : 'both `path` and `hub`',
        expected: 'one of the two',
      });
    }
    const endpoint = (env.HF_ENDPOINT?.trim() || usualHub).replace(/\/+$/, '');
    return {
      provider,
      path: id === undefined ? absolute(path ?? '.') : hubModelFolder(models, { id, revision }),
      hub: id === undefined ? null : { id, revision, endpoint },
      pooling: declared.pooling ?? known.pooling ?? 'mean',
      queryPrefix: queryPrefix ?? known.queryPrefix ?? '',
      passagePrefix: passagePrefix ?? known.passagePrefix ?? '',
      centred,
      cache,
    };
  }
  const dimensions = declared.dimensions ?? known.dimensions;
  if (dimensions === undefined) {
    problems.push({
      path: 'embedding.dimensions',
      found: 'nothing',
      expected: 'the length of the vectors that the model gives, or a preset that knows it',
    });
  }
  // A server that is told the role puts the prefix itself.
  const prefixes = declared.inputType ? {} : known;
  return {
    ...declared,
    apiKey: env.EMBEDDING_API_KEY?.trim() || null,
    dimensions: dimensions ?? 0,
    queryPrefix: queryPrefix ?? prefixes.queryPrefix ?? '',
    passagePrefix: passagePrefix ?? prefixes.passagePrefix ?? '',
    centred,
    cache,
  };
};
