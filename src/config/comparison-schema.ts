import { z } from 'zod';

const setting = <T extends z.ZodType>(type: T, description: string, example: z.output<T>) =>
  type.optional().meta({ description, examples: [example] });

/** One side of a comparison: a model, and how it is asked where that is not as it is configured. */
const entrant = (name: z.ZodString, which: string) =>
  z
    .strictObject({
      model: name.meta({ description: 'A declared model.', examples: ['our-model'] }),
      temperature: setting(z.number().min(0).max(2), 'Temperature of this side.', 0.2),
      topP: setting(z.number().gt(0).max(1), 'Top-p of this side.', 0.9),
      maxTokens: setting(z.int().min(1).max(32_768), 'Most tokens of an answer of this side.', 256),
      seed: setting(z.int().min(0), 'Seed of this side; without one every answer differs.', 1),
      system: setting(z.string().min(1).max(4_000), 'System text of this side.', 'Answer in one sentence.'),
    })
    .describe(which);

/** Two that are compared blind. */
export const comparisonSchema = (name: z.ZodString, named: z.ZodString) =>
  z.strictObject({
    name: named,
    mode: z
      .enum(['chat', 'continuation'])
      .default('chat')
      .describe(
        '`chat` asks a question; in `continuation` both go on with a text as it stands, for models without instruction tuning.',
      ),
    first: entrant(name, 'The one side.'),
    second: entrant(name, 'The other side.'),
  });

export type DeclaredComparison = z.infer<ReturnType<typeof comparisonSchema>>;
