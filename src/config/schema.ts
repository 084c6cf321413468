import { z } from 'zod';
import { comparisonSchema } from './comparison-schema.ts';
import { corpusSchema } from './corpus-schema.ts';
import { embedding } from './embedding-schema.ts';
import { modelSchema } from './model-schema.ts';
import { reranker } from './reranker-schema.ts';
import { slack } from './slack-schema.ts';

/** Names become parts of queue names, folders and environment variables. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,60}$/, 'a name of lower-case letters, digits, ".", "_" or "-", beginning with a letter');

const nameOf = (what: string, example: string) => name.meta({ description: what, examples: [example] });

const app = z.strictObject({
  name: nameOf(
    'Name of the app, in Slack and here. Its tokens are in .env under this name in upper case with "_" for other characters: `our-model` has `OUR_MODEL_BOT_TOKEN`.',
    'our-model',
  ),
  roles: z
    .array(z.enum(['model', 'search', 'admin']))
    .min(1)
    .meta({
      description:
        'What the app does: `model` answers as a model, `search` answers 🔍, `admin` has the command /tenkyo.',
      examples: [['model', 'search', 'admin']],
    }),
  model: name
    .nullish()
    .transform((value) => value ?? null)
    .meta({
      description: 'The model that an app with the role `model` answers with.',
      examples: ['our-model'],
      shown: true,
    }),
});

const share = z.number().min(0).max(1);
const weight = (what: string, example: number) => share.optional().meta({ description: what, examples: [example] });
const vectorWeight = (which: string) =>
  z
    .strictObject({
      covered: weight('Weight of the vectors where keywords cover the whole query.', 0.3),
      uncovered: weight('Weight of the vectors where keywords cover none of it.', 0.7),
      least: weight('Least weight that comes out.', 0.1),
      most: weight('Most weight that comes out.', 0.9),
    })
    .optional()
    .describe(`Weights where ${which}; what is left out keeps the measured value.`);

/** How the engines' lists become one; what is left out keeps the measured value. */
const fusion = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('adaptive').describe('Vectors count the more, the less of the query the keywords cover.'),
    native: vectorWeight('query and passage are in the same script'),
    foreign: vectorWeight('they are in different scripts'),
  }),
  z.strictObject({
    method: z.literal('fixed').describe('Vectors always count the same.'),
    vector: share.meta({ description: 'Weight of the vectors; the keywords have the rest.', examples: [0.5] }),
  }),
  z.strictObject({ method: z.literal('rank').describe('By the ranks alone, whatever the scores.') }),
]);

const limit = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .nullish()
    .transform((value) => value ?? null)
    .meta({ description, examples: [example] });

/** What one person may use, and how long a queue may grow. */
const limits = z.strictObject({
  questions: limit('Questions of one person within any 24 hours.', 200),
  tokens: limit('Tokens read and written for one person within any 24 hours.', 200_000),
  atOnce: limit('Answers of one person that wait or are being written.', 3),
  running: z
    .int()
    .min(1)
    .nullable()
    .default(2)
    .describe('Answers of one person that are written at once; further questions wait for these. null: any number.'),
  waiting: z
    .int()
    .min(1)
    .nullable()
    .default(100)
    .describe('Questions that may wait for one model; more are refused with the expected wait.'),
});

/** `tenkyo.yaml`: what a lab declares. Paths are relative to the file. */
export const declarations = z.strictObject({
  apps: z.array(app).min(1).describe('The Slack apps, one token set each. One app may have several roles.'),
  admins: z
    .strictObject({
      users: z
        .array(z.string())
        .default([])
        .meta({
          description: 'Slack ids of people who are admins here whatever they are in the workspace.',
          examples: [['U0123456789']],
        }),
      userGroup: z
        .string()
        .nullish()
        .transform((value) => value ?? null)
        .meta({
          description: 'Slack id of a user group whose members are admins (paid plans).',
          examples: ['S0123456789'],
        }),
    })
    .default({ users: [], userGroup: null })
    .describe("Who may use the admin's commands; where nobody is named, the workspace's admins and owners."),
  limits: limits.prefault({}).describe('What one person may use. An admin may set others with `/tenkyo quota`.'),
  runs: z
    .array(
      z.strictObject({
        name: nameOf('Name of the run.', 'pretraining'),
        file: z
          .string()
          .min(1)
          .meta({ description: 'The run file, see docs/runs.md.', examples: ['runs/pretraining.json'] }),
      }),
    )
    .default([])
    .describe('Training runs: what was read, and when.'),
  models: z
    .array(modelSchema(name, nameOf('Name of the model, as people see it.', 'our-model')))
    .default([])
    .describe('The models that apps answer with.'),
  comparisons: z
    .array(
      comparisonSchema(
        name,
        nameOf('Name of the comparison, as one types it: `/tenkyo compare NAME TEXT`.', 'calm-or-lively'),
      ),
    )
    .default([])
    .describe('Who is compared blind with whom by `/tenkyo compare`; without any, the first two models.'),
  corpora: z.array(corpusSchema(name)).default([]).describe('What is searched. See docs/corpora.md for every format.'),
  embedding: embedding
    .nullish()
    .transform((value) => value ?? null)
    .describe('The embedding model of the vector search; without it, vector search is off. See docs/embedding.md.'),
  search: z
    .strictObject({
      fusion: fusion.default({ method: 'adaptive' }).describe("How the engines' lists become one."),
      reranker: reranker
        .nullish()
        .transform((value) => value ?? null)
        .describe(
          'A cross-encoder that puts the first hits in order; without it they stay as fused. See docs/embedding.md.',
        ),
    })
    .prefault({})
    .describe('How results of the engines are put together.'),
  slack,
  shutdownTimeout: z
    .number()
    .min(1)
    .max(3_600)
    .default(30)
    .describe('Seconds that bots and workers get to finish or hand over their work when they are told to end.'),
  suggestions: z
    .array(
      z.strictObject({
        locale: z.enum(['ja', 'en']).meta({ description: 'Language of those who are offered it.', examples: ['ja'] }),
        text: z
          .string()
          .min(1)
          .max(300)
          .meta({ description: 'The question.', examples: ['虹はどうして見えるのですか？'] }),
      }),
    )
    .default([])
    .describe('Questions that newcomers are offered.'),
});

export type Declarations = z.infer<typeof declarations>;
