import { z } from 'zod';
import { usualWeights } from '../onnx/model-folder.ts';
import type { RerankerConfig } from './config.ts';
import { modelPlace, type PlaceContext, placeOf } from './model-place.ts';

/** A cross-encoder on this process's model thread. */
export const reranker = z.strictObject({
  ...modelPlace('models/reranker'),
  weights: z
    .string()
    .regex(/^[\w.-]{1,100}$/, { error: 'the name of a file without its ending' })
    .default(usualWeights)
    .describe("Name of the weights' file in `onnx/` of the model, without `.onnx`."),
  top: z.int().min(2).max(100).default(30).describe('Hits of the fused list that are put in order.'),
  maxTokens: z
    .int()
    .min(16)
    .max(32_768)
    .default(512)
    .describe('Tokens of query and passage together; what is longer is cut, the query at half of them.'),
  timeoutMs: z
    .int()
    .min(50)
    .max(60_000)
    .default(1_500)
    .describe('Longest wait for it, in milliseconds; then the hits stay as fused, and the result says so.'),
});

export const rerankerFrom = (
  { path: folder, hub: id, revision, ...declared }: z.infer<typeof reranker>,
  context: PlaceContext,
): RerankerConfig => ({
  ...declared,
  ...placeOf('search.reranker', { path: folder, hub: id, revision }, context),
});
