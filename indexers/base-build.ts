import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CorpusFile,
  currentRecipe,
  type IndexManifest,
  readCurrent,
  readManifest,
} from '../src/search/embedded/build-folder.ts';
import { meansKey } from '../src/search/embedded/means.ts';
import { databaseName } from '../src/search/embedded/schema.ts';
import { createIndexWriter } from '../src/search/embedded/writer.ts';
import type { CountedFile } from './corpus-files.ts';
import type { Work } from './read-batches.ts';
import { rejectsName } from './reject-log.ts';
import { textsKey } from './text-writer.ts';
import type { Checkpoint } from './write-texts.ts';
import { vectorsKey } from './write-vectors.ts';

/** The build that is current, as a beginning of the next one. */
export interface BaseBuild {
  readonly manifest: IndexManifest;
  readonly database: string;
  /** What a copy of it lacks; null: it can't be copied, but some of its vectors may still be right. */
  readonly lacks: readonly Work[] | null;
}

const workKey = 'work';

const growing = /\.(jsonl?|ndjson)$/i;

/** Whether a file begins with all the lines that it had when it was smaller. */
const hasGrown = async (before: CorpusFile, { path, bytes }: CountedFile, signal?: AbortSignal): Promise<boolean> => {
  if (!growing.test(path) || bytes <= before.bytes || before.bytes === 0) return false;
  const hash = createHash('sha256');
  let at = 0;
  let last = 0;
  let next = 0;
  for await (const chunk of createReadStream(path, { end: before.bytes, signal }) as AsyncIterable<Buffer>) {
    const old = chunk.subarray(0, before.bytes - at);
    hash.update(old);
    last = old.at(-1) ?? last;
    next = chunk[old.length] ?? next;
    at += old.length;
  }
  const newline = 0x0a;
  return (last === newline || next === newline) && hash.digest('hex') === before.sha256;
};

/**
 * Lines that are new since; null when a file is gone or is another one now. A file is known by its reading, which says
 * how it is read, its label and the number of its first record: its name changes when its source gets a second file.
 */
const linesLacking = async (
  before: readonly CorpusFile[],
  files: readonly CountedFile[],
  signal?: AbortSignal,
): Promise<Work[] | null> => {
  const old = new Map(before.map((file) => [file.reading, file]));
  const work: Work[] = [];
  for (const file of files) {
    const known = old.get(file.reading);
    old.delete(file.reading);
    if (!known) work.push({ file, from: 0 });
    else if (known.sha256 === file.sha256) continue;
    else if (await hasGrown(known, file, signal)) work.push({ file, from: known.lines });
    else return null;
  }
  return old.size > 0 ? null : work;
};

/** What the current build of a corpus is worth for the next one; null: nothing. */
export const findBase = async ({
  folder,
  corpus,
  files,
  signal,
}: {
  folder: string;
  corpus: string;
  files: readonly CountedFile[];
  signal?: AbortSignal;
}): Promise<BaseBuild | null> => {
  try {
    const buildId = await readCurrent(folder);
    const manifest = buildId && (await readManifest(folder, buildId, corpus));
    if (!manifest) return null;
    const database = join(folder, manifest.buildId, databaseName);
    if ((await stat(database)).size !== manifest.databaseBytes) return null;
    const { embedder: _, ...recipe } = currentRecipe(null);
    const isAlike = Object.entries(recipe).every(
      ([key, value]) => manifest.recipe[key as keyof typeof recipe] === value,
    );
    return { manifest, database, lacks: isAlike ? await linesLacking(manifest.files, files, signal) : null };
  } catch {
    signal?.throwIfAborted();
    return null;
  }
};

/** Copies a build to where the next one is made, with a note of what it lacks; the copy is there whole or not at all. */
export const copyBase = async (
  { manifest, database, lacks }: BaseBuild & { lacks: readonly Work[] },
  { into, files, embedder }: { into: string; files: readonly CountedFile[]; embedder: string | null },
): Promise<void> => {
  const target = join(into, databaseName);
  const copy = `${target}.copy`;
  await copyFile(database, copy, constants.COPYFILE_FICLONE);
  const rejects = join(database, '..', rejectsName);
  const rejectBytes = await copyFile(rejects, join(into, rejectsName)).then(
    async () => (await stat(rejects)).size,
    () => 0,
  );
  const checkpoint: Checkpoint = { file: 0, line: lacks[0]?.from ?? 0, rejects: manifest.rejects, rejectBytes };
  const writer = createIndexWriter(copy);
  try {
    writer.extend(() => {
      writer.note(workKey, JSON.stringify(lacks.map(({ file, from }) => [files.indexOf(file), from])));
      writer.note(textsKey, JSON.stringify(checkpoint));
      if (manifest.recipe.embedder === embedder) return;
      writer.clearVectors();
      writer.note(vectorsKey, '0');
      writer.note(meansKey, 'null');
    });
    writer.commit();
    writer.finish();
  } finally {
    writer.close();
  }
  await rename(copy, target);
};

/** What a build that began as a copy has to read; null: it began empty. */
export const notedWork = (noted: (key: string) => string | null, files: readonly CountedFile[]): Work[] | null => {
  const note = noted(workKey);
  if (note === null) return null;
  return (JSON.parse(note) as [number, number][]).map(([file, from]) => ({ file: files[file]!, from }));
};
