import { z } from 'zod';

/** One thing where a list may stand. */
const asList = (value: unknown): unknown => (Array.isArray(value) || value === undefined ? value : [value]);

const paths = z.preprocess(asList, z.array(z.string().min(1)).min(1));
const places = z.preprocess(asList, z.array(z.string().min(1)).min(1)).optional();
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const positive = z
  .int()
  .min(1)
  .max(2 ** 31);
const source = z.string().regex(/^[^\s/\\]{1,100}$/, 'a name without spaces and slashes, at most 100 characters');

/** Where in a record something is: one place or several, the first that is there counts; dots lead into objects. */
const place = (what: string, example: string) => places.meta({ description: what, examples: [example] });

const fields = z.strictObject({
  text: place('The text.', 'text'),
  id: place("The record's own id.", 'id'),
  title: place('The title; it belongs to every passage.', 'meta.title'),
  url: place('Where it was found.', 'meta.url'),
  lang: place('Its language.', 'meta.lang'),
  date: place('Its date.', 'meta.date'),
  licence: place('Its licence.', 'meta.licence'),
  instruction: place('Of `sft`: the instruction.', 'instruction'),
  input: place('Of `sft`: what the instruction is about.', 'input'),
  response: place('Of `sft`: the answer.', 'output'),
  messages: place('Of `sft`: a whole conversation.', 'messages'),
  chosen: place('Of `preference`: the answer that was preferred.', 'chosen'),
  rejected: place('Of `preference`: the other one.', 'rejected'),
});

/** How files are read: of a corpus for all its documents, or of some documents for those. */
const reading = {
  format: z
    .enum(['jsonl', 'dump', 'megatron', 'sft', 'preference'])
    .optional()
    .meta({ description: 'How the files are to be read; `jsonl` where nothing is said.', examples: ['jsonl'] }),
  order: z
    .enum(['sorted', 'listed'])
    .optional()
    .meta({ description: 'Files by their names (`sorted`, usual) or as they are listed.', examples: ['sorted'] }),
  sources: z
    .array(
      z.strictObject({
        match: z
          .string()
          .min(1)
          .meta({ description: 'Pattern of file names.', examples: ['**/ja_cc/**'] }),
        source: source.meta({ description: 'Source of the documents in them.', examples: ['ja_cc'] }),
      }),
    )
    .optional()
    .describe("Names of sources by file; where none fits, the file's own name."),
  fields: fields.optional().describe('Where in a record things are, where they are not in the usual places.'),
  tokenizer: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'Folder of the tokenizer, for `dump` and for `megatron` without texts.',
      examples: ['tokenizer'],
    }),
  sequenceLength: positive
    .optional()
    .meta({ description: 'Of `dump`: tokens of a sample, where the files do not say.', examples: [4096] }),
  iterations: positive
    .optional()
    .meta({ description: 'Of `dump`: iterations of the training, where the files do not say.', examples: [2000] }),
  folds: z
    .array(
      z.strictObject({
        match: z
          .string()
          .min(1)
          .meta({ description: 'Pattern of file names.', examples: ['**/fold-1/**'] }),
        iterationOffset: count.meta({ description: 'Added to the iterations in them.', examples: [1000] }),
      }),
    )
    .optional()
    .describe('Of `dump`: parts of a training that count their iterations from 0 again.'),
  texts: paths.optional().meta({
    description: 'Of `megatron`: the texts that were tokenised, in the same order.',
    examples: ['texts/*.jsonl.gz'],
  }),
  partitions: z
    .int()
    .min(1)
    .max(65_536)
    .optional()
    .meta({ description: 'Of `megatron`: parts that the texts were tokenised in at once.', examples: [1] }),
};

const documents = z.strictObject({
  files: paths.meta({ description: 'Patterns of files, relative to this file.', examples: ['corpus/*.jsonl'] }),
  source: source.optional().meta({ description: 'Source of all documents in them.', examples: ['ja_wiki'] }),
  ...reading,
});

/** A pattern where a declaration may stand. */
const asDeclarations = (value: unknown): unknown => {
  const list = asList(value);
  return Array.isArray(list)
    ? list.map((each: unknown) => (typeof each === 'string' ? { files: [each] } : each))
    : list;
};

/** Ids, not names: a channel can be renamed, and another take its name. */
const channelId = z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'the id of a channel (C…)');
const userGroupId = z.string().regex(/^S[A-Z0-9]{2,}$/, 'the id of a user group (S…)');

const visibility = z.union([
  z.literal('everyone'),
  z.strictObject({
    channels: z
      .array(channelId)
      .default([])
      .meta({ description: 'Ids of the channels in which it may be shown.', examples: [['C0123456789']] }),
    userGroups: z
      .array(userGroupId)
      .default([])
      .meta({
        description: 'Ids of the user groups whose members may see it, in direct messages and by `/tenkyo find`.',
        examples: [['S0123456789']],
      }),
  }),
]);

/** A corpus as it is declared. */
export const corpusSchema = (name: z.ZodType<string>) =>
  z.strictObject({
    name: name.meta({ description: 'Name of the corpus.', examples: ['web'] }),
    documents: z
      .preprocess(asDeclarations, z.array(documents).min(1))
      .describe('What it holds: patterns of files, or lists of declarations that say how some files are read.'),
    ...reading,
    runs: z
      .array(name)
      .default([])
      .meta({
        description: 'Runs that were trained on it; the first counts where a model has none of its own.',
        examples: [['pretraining']],
      }),
    visibility: visibility.default('everyone').describe('Who may see it.'),
  });

export type CorpusDeclared = z.infer<ReturnType<typeof corpusSchema>>;
export type DocumentsDeclared = CorpusDeclared['documents'][number];
export type ReadingDeclared = Pick<DocumentsDeclared, keyof typeof reading>;
export const readingKeys = Object.keys(reading) as readonly (keyof ReadingDeclared)[];
