import type { Config } from '../../src/config/config.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { createOnnxEmbedder } from '../../src/embedding/onnx/onnx-embedder.ts';
import type { OnnxHost } from '../../src/onnx/host.ts';

/** The configured embedder; null: none is configured, and vector search is off. */
export const openEmbedder = async (
  { embedding }: Pick<Config, 'embedding'>,
  host: OnnxHost,
): Promise<Embedder | null> =>
  embedding &&
  createOnnxEmbedder({
    host,
    path: embedding.path,
    queryPrefix: embedding.queryPrefix,
    passagePrefix: embedding.passagePrefix,
  });
