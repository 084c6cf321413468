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

const fields = z.strictObject({
  text: places,
  id: places,
  title: places,
  url: places,
  lang: places,
  date: places,
  licence: places,
  instruction: places,
  input: places,
  response: places,
  messages: places,
  chosen: places,
  rejected: places,
});

/** How files are read: of a corpus for all its documents, or of some documents for those. */
const reading = {
  format: z.enum(['jsonl', 'dump', 'megatron', 'sft', 'preference']).optional(),
  order: z.enum(['sorted', 'listed']).optional(),
  sources: z.array(z.strictObject({ match: z.string().min(1), source })).optional(),
  fields: fields.optional(),
  tokenizer: z.string().min(1).optional(),
  sequenceLength: positive.optional(),
  iterations: positive.optional(),
  folds: z.array(z.strictObject({ match: z.string().min(1), iterationOffset: count })).optional(),
  texts: paths.optional(),
  partitions: z.int().min(1).max(65_536).optional(),
};

const documents = z.strictObject({ files: paths, source: source.optional(), ...reading });

/** A pattern where a declaration may stand. */
const asDeclarations = (value: unknown): unknown => {
  const list = asList(value);
  return Array.isArray(list)
    ? list.map((each: unknown) => (typeof each === 'string' ? { files: [each] } : each))
    : list;
};

/** A corpus as it is declared. */
export const corpusSchema = (name: z.ZodType<string>) =>
  z.strictObject({
    name,
    documents: z.preprocess(asDeclarations, z.array(documents).min(1)),
    ...reading,
    runs: z.array(name).default([]),
    visibility: z.literal('everyone').default('everyone'),
  });

export type CorpusDeclared = z.infer<ReturnType<typeof corpusSchema>>;
export type DocumentsDeclared = CorpusDeclared['documents'][number];
export type ReadingDeclared = Pick<DocumentsDeclared, keyof typeof reading>;
export const readingKeys = Object.keys(reading) as readonly (keyof ReadingDeclared)[];
