import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { OnnxHost } from '../../onnx/host.ts';
import { fetchHubModel, type HubModel } from '../../onnx/hub-model.ts';
import { checkModelFolder, corruptModelFile } from '../../onnx/model-folder.ts';
import type { Pooling } from '../../onnx/protocol.ts';
import type { Embedder } from '../embedder.ts';
import { createEmbeddingThreads, type EmbeddingThreadsOptions } from './embedding-threads.ts';

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
  /** Threads for passages of a long build; left out: the one that holds all models. */
  readonly parallel?: Omit<EmbeddingThreadsOptions, 'host'>;
}

/**
 * Passages that a thread is given at a time. With 8-bit weights a vector depends on what else is in its batch, in the
 * last digits: as every job is cut alike, it gives the same vectors on any number of threads.
 */
const passagesAtOnce = 32;
/** Portions a thread gets in one request of a build: more make it wait less for the slowest. */
const portions = 4;

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
  parallel,
}: OnnxEmbedderOptions): Promise<Embedder> => {
  if (hub) await fetchHubModel(hub, path);
  const { modelFile, tokenizerFile, hiddenSize } = await checkModelFolder(path);
  if (hiddenSize === null) throw corruptModelFile(`${path}/config.json`, 'hidden_size, a whole number', 'none');
  const source = hub && { hub: hub.id, revision: hub.revision };
  const settings = { dtype: 'q8', pooling, norm: 'l2', queryPrefix, passagePrefix, ...source };
  const made = [await hashFile(modelFile), await hashFile(tokenizerFile), JSON.stringify(settings)];

  const threads = parallel && parallel.workers > 1 ? createEmbeddingThreads({ host, ...parallel }) : null;

  return {
    dimensions: hiddenSize,
    ...(threads && parallel && { textsAtOnce: passagesAtOnce * portions * parallel.workers }),
    fingerprint: createHash('sha256').update(made.join('\n')).digest('hex'),

    async embed(texts, role, { signal } = {}) {
      if (texts.length === 0) return [];
      const prefix = role === 'query' ? queryPrefix : passagePrefix;
      // A prefix alone would give an empty text a vector.
      const prefixed = texts.map((text) => (text.trim() === '' ? '' : prefix + text));
      const vectors = new Array<Float32Array | null>(texts.length).fill(null);
      const embedFrom = async (from: number, on: OnnxHost, stop: AbortSignal | undefined): Promise<void> => {
        const some = prefixed.slice(from, from + passagesAtOnce);
        const { data, dimensions } = await on.embed({ path, texts: some, pooling }, stop);
        for (let row = 0; row < some.length; row++) {
          const vector = data.slice(row * dimensions, (row + 1) * dimensions);
          if (vector.some((value) => value !== 0)) vectors[from + row] = vector;
        }
      };
      const starts = Array.from({ length: Math.ceil(texts.length / passagesAtOnce) }, (_, k) => k * passagesAtOnce);
      if (threads && starts.length > 1) await threads.spread(starts, embedFrom, signal);
      else for (const from of starts) await embedFrom(from, host, signal);
      return vectors;
    },

    // The models' own thread is the host's.
    close: async () => threads?.close(),
  };
};

const hashFile = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
};
