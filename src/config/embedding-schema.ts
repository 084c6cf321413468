import { z } from 'zod';
import { type EmbeddingPresetName, embeddingPresets } from '../embedding/presets.ts';

const presetNames = Object.keys(embeddingPresets) as [EmbeddingPresetName, ...EmbeddingPresetName[]];

/** What is left out comes from the preset, if one is named. */
const model = {
  preset: z.enum(presetNames).optional(),
  queryPrefix: z.string().max(200).optional(),
  passagePrefix: z.string().max(200).optional(),
  centred: z.boolean().optional(),
  /** Keep passages' vectors by their texts' hashes, for builds to come. */
  cache: z.boolean().optional(),
};

const onnx = z.strictObject({
  provider: z.literal('onnx'),
  path: z.string().min(1),
  pooling: z.enum(['mean', 'cls']).optional(),
  ...model,
});

const openai = z.strictObject({
  provider: z.literal('openai'),
  /** Up to and with `/v1`. */
  baseUrl: z.url({ protocol: /^https?$/, error: 'an address, http://… or https://…' }),
  model: z.string().min(1),
  dimensions: z.int().min(1).max(65_536).optional(),
  requestDimensions: z.boolean().default(false),
  inputType: z.boolean().default(false),
  encoding: z.enum(['base64', 'float']).default('base64'),
  revision: z.string().default(''),
  maxCharacters: z.int().min(16).max(1_000_000).default(2_000),
  batchSize: z.int().min(1).max(4_096).default(32),
  concurrency: z.int().min(1).max(256).default(1),
  timeoutMs: z.int().min(100).max(3_600_000).default(60_000),
  ...model,
});

export const embedding = z.discriminatedUnion('provider', [onnx, openai]);

export type DeclaredEmbedding = z.infer<typeof embedding>;
