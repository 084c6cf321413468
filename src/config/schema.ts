import { z } from 'zod';
import { corpusSchema } from './corpus-schema.ts';
import { embedding } from './embedding-schema.ts';
import { slack } from './slack-schema.ts';

/** Names become parts of queue names, folders and environment variables. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,60}$/, 'a name of lower-case letters, digits, ".", "_" or "-", beginning with a letter');

const app = z.strictObject({
  name,
  roles: z.array(z.enum(['model', 'search', 'admin'])).min(1),
  model: name.nullish().transform((value) => value ?? null),
});

const model = z.strictObject({
  name,
  provider: z.literal('onnx'),
  path: z.string().min(1),
  template: z.enum(['llm-jp-v2', 'none']).default('llm-jp-v2'),
  run: name.nullish().transform((value) => value ?? null),
  checkpoint: z.union([z.literal('last'), z.int().min(1)]).default('last'),
  maxTokens: z.int().min(1).max(32_768).default(96),
  temperature: z.number().min(0).max(2).default(0),
  topP: z.number().gt(0).max(1).default(1),
  earlierTurns: z
    .int()
    .min(0)
    .max(1000)
    .nullish()
    .transform((value) => value ?? null),
  concurrency: z.int().min(1).max(64).default(1),
});

const share = z.number().min(0).max(1);
const vectorWeight = z.strictObject({
  covered: share.optional(),
  uncovered: share.optional(),
  least: share.optional(),
  most: share.optional(),
});

/** How the engines' lists become one; what is left out keeps the measured value. */
const fusion = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('adaptive'), native: vectorWeight.optional(), foreign: vectorWeight.optional() }),
  z.strictObject({ method: z.literal('fixed'), vector: share }),
  z.strictObject({ method: z.literal('rank') }),
]);

/** `tenkyo.yaml`: what a lab declares. Paths are relative to the file. */
export const declarations = z.strictObject({
  apps: z.array(app).min(1),
  admins: z
    .strictObject({
      users: z.array(z.string()).default([]),
      userGroup: z
        .string()
        .nullish()
        .transform((value) => value ?? null),
    })
    .default({ users: [], userGroup: null }),
  runs: z.array(z.strictObject({ name, file: z.string().min(1) })).default([]),
  models: z.array(model).default([]),
  corpora: z.array(corpusSchema(name)).default([]),
  embedding: embedding.nullish().transform((value) => value ?? null),
  search: z.strictObject({ fusion: fusion.default({ method: 'adaptive' }) }).prefault({}),
  slack,
  suggestions: z.array(z.strictObject({ locale: z.enum(['ja', 'en']), text: z.string().min(1).max(300) })).default([]),
});

export type Declarations = z.infer<typeof declarations>;
