import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { OnnxHost } from '../../onnx/host.ts';
import { fetchHubModel, type HubModel } from '../../onnx/hub-model.ts';
import { checkModelFolder, corruptModelFile } from '../../onnx/model-folder.ts';
import type { Pooling } from '../../onnx/protocol.ts';
import type { Embedder } from '../embedder.ts';

export interface OnnxEmbedderOptions {
  readonly host: OnnxHost;
  /** Folder in the transformers.js layout, with 8-bit weights. */
  readonly path: string;
  /** Put before every query and every passage; '' for a model that was trained without. */
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  /** As the model was trained; default: the mean. */
  readonly pooling?: Pooling;
  /** Where the folder is fetched from when it isn't there; null or left out: nowhere. */
  readonly hub?: HubModel | null;
}

/**
 * An embedder on a local ONNX encoder: pooled last hidden states, L2-normalised.
 *
 * @throws TenkyoError as `fetchHubModel` does; `file_missing` or `file_corrupt` when the model's folder isn't whole; the model itself loads later
 */
export const createOnnxEmbedder = async ({
  host,
  path,
  queryPrefix,
  passagePrefix,
  pooling = 'mean',
  hub = null,
}: OnnxEmbedderOptions): Promise<Embedder> => {
  if (hub) await fetchHubModel(hub, path);
  const { modelFile, tokenizerFile, hiddenSize } = await checkModelFolder(path);
  if (hiddenSize === null) throw corruptModelFile(`${path}/config.json`, 'hidden_size, a whole number', 'none');
  const source = hub && { hub: hub.id, revision: hub.revision };
  const settings = { dtype: 'q8', pooling, norm: 'l2', queryPrefix, passagePrefix, ...source };
  const made = [await hashFile(modelFile), await hashFile(tokenizerFile), JSON.stringify(settings)];

  return {
    dimensions: hiddenSize,
    fingerprint: createHash('sha256').update(made.join('\n')).digest('hex'),

    async embed(texts, role, { signal } = {}) {
      if (texts.length === 0) return [];
      const prefix = role === 'query' ? queryPrefix : passagePrefix;
      // A prefix alone would give an empty text a vector.
      const prefixed = texts.map((text) => (text.trim() === '' ? '' : prefix + text));
      const { data, dimensions } = await host.embed({ path, texts: prefixed, pooling }, signal);
      return texts.map((_, row) => {
        const vector = data.slice(row * dimensions, (row + 1) * dimensions);
        return vector.some((value) => value !== 0) ? vector : null;
      });
    },

    // The thread is the host's, and other models are on it.
    async close() {},
  };
};

const hashFile = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
};
