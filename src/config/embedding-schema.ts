import { z } from 'zod';
import { type EmbeddingPresetName, embeddingPresets } from '../embedding/presets.ts';
import { modelPlace } from './model-place.ts';

const presetNames = Object.keys(embeddingPresets) as [EmbeddingPresetName, ...EmbeddingPresetName[]];

/** What is left out comes from the preset, if one is named. */
const model = {
  preset: z
    .enum(presetNames)
    .optional()
    .meta({ description: 'What is known of a model: fills in what is left out.', examples: [presetNames[0]] }),
  queryPrefix: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Put before a query, as the model was trained.', examples: ['query: '] }),
  passagePrefix: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Put before a passage, as the model was trained.', examples: ['passage: '] }),
  centred: z
    .boolean()
    .optional()
    .meta({ description: "Take each language's mean from the vectors; for models of the e5 kind.", examples: [true] }),
  cache: z
    .boolean()
    .optional()
    .meta({
      description: "Keep passages' vectors by their texts' hashes, for builds to come; usually with a server.",
      examples: [true],
    }),
  cacheMegabytes: z
    .int()
    .min(1)
    .max(100_000_000)
    .default(4_096)
    .describe('Size of that; beyond it, what no build has asked for the longest goes.'),
};

const onnx = z.strictObject({
  provider: z.literal('onnx').describe('The model runs in this process, on its own thread.'),
  ...modelPlace('models/embedder'),
  pooling: z
    .enum(['mean', 'cls'])
    .optional()
    .meta({
      description: "How the tokens' vectors become one; `mean` where no preset says otherwise.",
      examples: ['mean'],
    }),
  workers: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .meta({
      description:
        'Threads that embed passages while an index is built; without it, one less than there are processors, at most 4, and one on a GPU.',
      examples: [2],
    }),
  ...model,
});

const openai = z.strictObject({
  provider: z.literal('openai').describe('The model runs on a server that answers /v1/embeddings.'),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'an address, http://… or https://…' })
    .meta({ description: 'Address of the server, up to and with `/v1`.', examples: ['http://embedder:8080/v1'] }),
  model: z
    .string()
    .min(1)
    .meta({ description: 'Name of the model there.', examples: ['multilingual-e5-small'] }),
  dimensions: z
    .int()
    .min(1)
    .max(65_536)
    .optional()
    .meta({ description: 'Length of its vectors, where no preset knows it.', examples: [384] }),
  requestDimensions: z.boolean().default(false).describe('Ask the server for vectors of that length.'),
  inputType: z
    .boolean()
    .default(false)
    .describe('Tell the server whether a text is a query or a passage; it then puts the prefix itself.'),
  encoding: z
    .enum(['base64', 'float'])
    .default('base64')
    .describe('How vectors travel; `base64` is a third of the size.'),
  revision: z.string().default('').describe('Of the model: an index is refused where it was made with another one.'),
  maxCharacters: z.int().min(16).max(1_000_000).default(2_000).describe('Longer texts are cut.'),
  batchSize: z.int().min(1).max(4_096).default(32).describe('Texts in a request.'),
  concurrency: z.int().min(1).max(256).default(1).describe('Requests at once.'),
  timeoutMs: z.int().min(100).max(3_600_000).default(60_000).describe('Longest wait for an answer, in milliseconds.'),
  ...model,
});

export const embedding = z.discriminatedUnion('provider', [onnx, openai]);

export type DeclaredEmbedding = z.infer<typeof embedding>;
