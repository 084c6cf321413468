import type { Config } from '../../src/config/config.ts';
import type { OnnxHost } from '../../src/onnx/host.ts';
import { createOnnxReranker } from '../../src/reranking/onnx/onnx-reranker.ts';
import type { Reranking } from '../../src/search/rerank.ts';

/** The reranker of the searches, and its loading, for who wants it ready before the first of them. */
export interface OpenReranker extends Reranking {
  load(): Promise<void>;
}

/** The configured reranker; null: none is, and hits stay as they are fused. */
export const openReranker = async (
  { search: { reranker: config } }: Pick<Config, 'search'>,
  host: OnnxHost,
): Promise<OpenReranker | null> => {
  if (config === null) return null;
  const { top, timeoutMs, ...model } = config;
  const reranker = await createOnnxReranker({ host, ...model });
  return { reranker, top, deadlineMs: timeoutMs, load: reranker.load };
};
