import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { chunkerVersion } from '../../corpus/chunk.ts';
import { TenkyoError } from '../../errors.ts';
import { textVersion } from '../../text/normalize.ts';
import { schemaVersion } from './schema.ts';

/** How an index was made; two indexes made alike of the same files are the same. */
const recipeSchema = z.object({
  schema: z.number(),
  text: z.string(),
  icu: z.string(),
  chunker: z.string(),
  /** The embedder's fingerprint; null: no vectors. */
  embedder: z.string().nullable(),
});

const fileSchema = z.object({
  /** Its source; with its own name behind it where the source has several files. */
  name: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  /** Records: lines, rows, sequences. */
  lines: z.number(),
  /** Says alike of files that were read alike, and whose documents were numbered from the same on. */
  reading: z.string().default(''),
});
const rejectSchema = z.object({ file: z.string(), line: z.number(), reason: z.string() });

const distribution = z.array(z.number()).readonly().nullable();

const manifestSchema = z.object({
  version: z.literal(1),
  corpus: z.string(),
  buildId: z.string(),
  fingerprint: z.string(),
  recipe: recipeSchema,
  files: z.array(fileSchema),
  /** What the documents of a source were read for; left out: pre-training. */
  kinds: z.record(z.string(), z.enum(['pretraining', 'sft', 'preference'])).default({}),
  builtAt: z.string(),
  documents: z.number(),
  passages: z.number(),
  vectors: z.number(),
  /** Lines that were no documents: all counted, the first of them named. */
  rejects: z.object({ count: z.number(), first: z.array(rejectSchema).readonly() }),
  databaseBytes: z.number(),
  spanBytes: z.number().default(0),
  calibration: z.object({ keyword: distribution, vector: distribution }).nullable().default(null),
});

export type IndexRecipe = z.infer<typeof recipeSchema>;
export type CorpusFile = z.infer<typeof fileSchema>;
export type IndexManifest = z.infer<typeof manifestSchema>;

const manifestName = 'manifest.json';
const currentName = 'current';

/** What this process would make an index with. */
export const currentRecipe = (embedder: string | null): IndexRecipe => ({
  schema: schemaVersion,
  text: textVersion,
  icu: process.versions.icu ?? 'none',
  chunker: chunkerVersion,
  embedder,
});

/** Folder of a corpus's builds below the index folder. */
export const corpusFolder = (directory: string, corpus: string): string => join(directory, encodeURIComponent(corpus));

export const rebuildHint = (corpus: string): string => `Build it again: tenkyo index ${corpus}`;

const readOrNull = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** The build that readers are to use; null: none yet. */
export const readCurrent = async (folder: string): Promise<string | null> =>
  (await readOrNull(join(folder, currentName)))?.trim() || null;

/** Replaces a file at once: a reader sees the old content or the new. */
const replaceFile = async (file: string, content: string): Promise<void> => {
  const temporary = `${file}.${process.pid}.new`;
  await writeFile(temporary, content, { flush: true });
  await rename(temporary, file);
};

export const writeCurrent = (folder: string, buildId: string): Promise<void> =>
  replaceFile(join(folder, currentName), `${buildId}\n`);

export const writeManifest = (folder: string, manifest: IndexManifest): Promise<void> =>
  replaceFile(join(folder, manifest.buildId, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);

/**
 * The manifest of a build.
 *
 * @returns null when there is none: the build never ended
 * @throws TenkyoError `file_corrupt`
 */
export const readManifest = async (folder: string, buildId: string, corpus: string): Promise<IndexManifest | null> => {
  const file = join(folder, buildId, manifestName);
  const content = await readOrNull(file);
  if (content === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    value = undefined;
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TenkyoError('file_corrupt', `the manifest of the index "${corpus}" can't be read`, {
    where: file,
    expected: 'an index manifest of version 1',
    found: value === undefined ? 'no JSON' : z.prettifyError(parsed.error),
    remedy: rebuildHint(corpus),
  });
};

const recipeNames: Record<keyof IndexRecipe, string> = {
  schema: 'table version',
  text: 'tokenizer',
  icu: 'ICU version',
  chunker: 'passages',
  embedder: 'embedding model',
};

/**
 * Refuses an index that was made otherwise than this process would ask it. An index without vectors is taken whatever
 * the embedder, and one with vectors is taken where no embedder is configured: only the vectors are of no use then.
 */
export const checkRecipe = ({ corpus, recipe }: IndexManifest, embedder: string | null, where: string): void => {
  const wanted = currentRecipe(embedder);
  const fields = (Object.keys(recipeNames) as (keyof IndexRecipe)[]).filter(
    (field) =>
      recipe[field] !== wanted[field] && (field !== 'embedder' || (recipe.embedder !== null && embedder !== null)),
  );
  if (fields.length === 0) return;
  const list = (of: IndexRecipe) => fields.map((field) => `${recipeNames[field]} ${of[field]}`).join(', ');
  throw new TenkyoError('index_mismatch', `the index "${corpus}" was made with other settings than are in use now`, {
    where,
    expected: list(wanted),
    found: list(recipe),
    remedy: rebuildHint(corpus),
  });
};
