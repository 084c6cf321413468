import type { OnnxHost } from '../../onnx/host.ts';
import { fetchHubModel, type HubModel } from '../../onnx/hub-model.ts';
import { checkModelFolder } from '../../onnx/model-folder.ts';
import type { Reranker } from '../../search/reranker.ts';

export interface OnnxRerankerOptions {
  readonly host: OnnxHost;
  /** Folder in the transformers.js layout. */
  readonly path: string;
  /** Name of its weights in `onnx/`, without the ending. */
  readonly weights: string;
  /** Of query and passage together; what is longer is cut. */
  readonly maxTokens: number;
  /** Where the folder is fetched from when it isn't there; null: nowhere. */
  readonly hub: HubModel | null;
}

export interface OnnxReranker extends Reranker {
  /** Loads the model ahead of the first search: that would end before the model is there. */
  load(): Promise<void>;
}

/**
 * A cross-encoder on the thread of the models.
 *
 * @throws TenkyoError as `fetchHubModel` does; `file_missing` or `file_corrupt` when the model's folder isn't whole; the model itself loads later
 */
export const createOnnxReranker = async ({
  host,
  path,
  weights,
  maxTokens,
  hub,
}: OnnxRerankerOptions): Promise<OnnxReranker> => {
  if (hub) await fetchHubModel(hub, path, { setting: 'search.reranker', weights });
  await checkModelFolder(path, weights);
  const rank = (query: string, texts: readonly string[], signal?: AbortSignal) =>
    host.rank({ path, weights, query, texts, maxTokens }, signal);
  return {
    load: async () => void (await rank('', [])),
    score: async (query, passages, { signal } = {}) => [...(await rank(query, passages, signal))],
  };
};
