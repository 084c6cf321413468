import { z } from 'zod';
import { chunkerVersion } from '../../corpus/chunk.ts';
import { TenkyoError } from '../../errors.ts';
import { textVersion } from '../../text/normalize.ts';
import type { ElasticsearchConnection } from './connect.ts';
import { schemaVersion } from './schema.ts';

const recipeSchema = z.object({
  schema: z.number(),
  text: z.string(),
  icu: z.string(),
  chunker: z.string(),
  kuromoji: z.boolean(),
});

const mean = z.array(z.number()).readonly();
const languages = z.object({ ja: mean.optional(), en: mean.optional() });

const manifestSchema = z.object({
  version: z.literal(1),
  corpus: z.string(),
  fingerprint: z.string(),
  recipe: recipeSchema,
  state: z.enum(['building', 'complete']),
  /** ISO 8601; of a build that goes on: when it was last noted. */
  at: z.string(),
  /** Where the builder goes on: all before it is written. */
  note: z.string().nullable(),
  /** Written up to the note. */
  documents: z.number(),
  passages: z.number(),
  /** What the server refused: all counted, the first of them named. */
  rejects: z.object({ count: z.number(), first: z.array(z.object({ id: z.string(), reason: z.string() })) }),
  /** Where nothing of the index is kept elsewhere: the vectors that belong to it, and what its own sentences score. */
  vectors: z
    .object({ embedder: z.string(), means: z.object({ all: mean, languages }).nullable(), count: z.number() })
    .nullable()
    .default(null),
  /** What the documents of a source were read for; of one that it doesn't name, pre-training. */
  kinds: z.record(z.string(), z.enum(['pretraining', 'sft', 'preference'])).default({}),
  calibration: z.object({ keyword: mean.nullable(), vector: mean.nullable() }).nullable().default(null),
});

export type ElasticsearchRecipe = z.infer<typeof recipeSchema>;
/** Stands in `_meta` of the index of passages. */
export type ElasticsearchManifest = z.infer<typeof manifestSchema>;

/** How this process would make an index. */
export const currentRecipe = ({ kuromoji }: { kuromoji: boolean }): ElasticsearchRecipe => ({
  schema: schemaVersion,
  text: textVersion,
  icu: process.versions.icu ?? 'none',
  chunker: chunkerVersion,
  kuromoji,
});

const metaKey = 'tenkyo';

export const asMeta = (manifest: ElasticsearchManifest): Record<string, unknown> => ({ [metaKey]: manifest });

/**
 * The indexes behind a name (an index, an alias or a pattern) that are ours, with what they say of themselves; none
 * where nothing has the name.
 */
export const readManifests = async (
  { client }: Pick<ElasticsearchConnection, 'client'>,
  name: string,
): Promise<{ index: string; manifest: ElasticsearchManifest }[]> => {
  const found = await client.indices.getMapping({ index: name, allow_no_indices: true, ignore_unavailable: true });
  return Object.entries(found).flatMap(([index, { mappings }]) => {
    const parsed = manifestSchema.safeParse(mappings._meta?.[metaKey]);
    return parsed.success ? [{ index, manifest: parsed.data }] : [];
  });
};

export const writeManifest = async (
  { client }: Pick<ElasticsearchConnection, 'client'>,
  index: string,
  manifest: ElasticsearchManifest,
): Promise<void> => {
  await client.indices.putMapping({ index, _meta: asMeta(manifest) });
};

/** What must agree for a reader; whether there is a field for other tools is none of its business. */
const readerFields = { schema: 'field version', text: 'tokenizer', icu: 'ICU version', chunker: 'passages' } as const;

/** Refuses an index that was made otherwise than this process would ask it. */
export const checkRecipe = ({ corpus, recipe }: ElasticsearchManifest, where: string): void => {
  const wanted = currentRecipe({ kuromoji: recipe.kuromoji });
  const fields = (Object.keys(readerFields) as (keyof typeof readerFields)[]).filter(
    (field) => recipe[field] !== wanted[field],
  );
  if (fields.length === 0) return;
  const list = (of: ElasticsearchRecipe) => fields.map((field) => `${readerFields[field]} ${of[field]}`).join(', ');
  throw new TenkyoError('index_mismatch', `the index "${corpus}" was made with other settings than are in use now`, {
    where,
    expected: list(wanted),
    found: list(recipe),
    remedy: `Build it again: tenkyo index ${corpus}`,
  });
};
