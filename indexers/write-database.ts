import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { openKnownVectors } from '../src/search/embedded/known-vectors.ts';
import { databaseName } from '../src/search/embedded/schema.ts';
import { createIndexWriter } from '../src/search/embedded/writer.ts';
import { type BaseBuild, copyBase, notedWork } from './base-build.ts';
import type { BuildOptions, BuildPlan } from './plan-build.ts';
import { createPreparer, threadsFor } from './preparer.ts';
import { createProgress } from './progress.ts';
import type { Work } from './read-batches.ts';
import { openRejectLog, rejectsName } from './reject-log.ts';
import { createTextWriter } from './text-writer.ts';
import { type Rejects, writeTexts } from './write-texts.ts';
import { writeVectors } from './write-vectors.ts';

/** Bytes that a build has to read, about. */
export const bytesOf = (work: readonly Work[]): number =>
  work.reduce((sum, { file, from }) => sum + (file.bytes * (file.lines - from)) / Math.max(1, file.lines), 0);

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/**
 * Writes the database of a build into its folder, or goes on with the one that a stopped build left there. Where the
 * base lacks some lines only, it begins as a copy of it.
 */
export const writeDatabase = async (
  into: string,
  options: BuildOptions,
  { files, base }: Pick<BuildPlan, 'files'> & { base: BaseBuild | null },
): Promise<{ documents: number; passages: number; vectors: number; rejects: Rejects }> => {
  const { embedder, clock, signal, maximumRejects = Number.POSITIVE_INFINITY } = options;
  const database = join(into, databaseName);
  const fingerprint = embedder?.fingerprint ?? null;
  if (base?.lacks && !(await exists(database))) {
    await copyBase({ ...base, lacks: base.lacks }, { into, files, embedder: fingerprint });
  }
  const writer = createIndexWriter(database);
  const progress = createProgress({ clock, report: options.progress });
  try {
    const work = notedWork(writer.noted, files) ?? files.map((file) => ({ file, from: 0 }));
    const preparer = createPreparer({ threads: options.threads ?? threadsFor(bytesOf(work)) });
    const rejects = await writeTexts({
      writer: createTextWriter({ writer, clock, signal }),
      preparer,
      work,
      openRejects: ({ rejectBytes }) => openRejectLog(join(into, rejectsName), { bytes: rejectBytes }),
      maximumRejects,
      clock,
      progress,
      signal,
    }).finally(preparer.close);
    if (embedder) {
      const known = base?.manifest.recipe.embedder === fingerprint ? openKnownVectors(base.database) : null;
      const { passages } = writer.counts();
      await writeVectors({ writer, embedder, known, passages, progress, signal }).finally(() => known?.close());
    }
    const counts = writer.counts();
    writer.finish();
    return { ...counts, rejects };
  } finally {
    writer.close();
  }
};
