import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../src/clock.ts';
import { TenkyoError } from '../src/errors.ts';
import {
  corpusFolder,
  currentRecipe,
  type IndexManifest,
  readCurrent,
  writeCurrent,
  writeManifest,
} from '../src/search/embedded/build-folder.ts';
import { explainDatabaseError } from '../src/search/embedded/database-errors.ts';
import { databaseName } from '../src/search/embedded/schema.ts';
import { writeSpans } from '../src/search/embedded/write-spans.ts';
import type { TargetCounts } from '../src/search/index-target.ts';
import { buildTarget } from './build-target.ts';
import { calibrateBuild } from './calibrate-build.ts';
import { carryVectors } from './carry-vectors.ts';
import { kindsOf } from './corpus-files.ts';
import { removeOldBuilds, takeBuildFolder, unmark } from './half-built.ts';
import { type BuildOptions, type BuildPlan, planBuild } from './plan-build.ts';
import { createProgress } from './progress.ts';
import { rejectsName } from './reject-log.ts';
import { writeDatabase } from './write-database.ts';

export type { BuildOptions } from './plan-build.ts';

export interface BuildResult {
  /** False: the current index was already made of these files in this way. */
  readonly built: boolean;
  readonly manifest: IndexManifest;
  /** The file that names every line that is no document; null: there are none. */
  readonly rejectsFile: string | null;
  /** What was built on other servers; none where all were up to date. */
  readonly targets: readonly (TargetCounts & { readonly name: string })[];
  /** Vectors that were put on other servers; none where all were up to date. */
  readonly carried: readonly { readonly name: string; readonly vectors: number }[];
}

const syncFile = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+');
  await handle.sync().finally(() => handle.close());
};

/** `20261123T101200-<fingerprint>`: builds stand in order of their beginning. */
const newBuildId = (clock: Clock, fingerprint: string): string =>
  `${new Date(clock.now()).toISOString().replace(/[-:]|\.\d+Z/g, '')}-${fingerprint.slice(0, 8)}`;

const buildEmbedded = async (
  options: BuildOptions,
  { fingerprint, files, base }: Pick<BuildPlan, 'fingerprint' | 'files' | 'base'>,
): Promise<IndexManifest> => {
  const { corpus, embedder, directory, clock } = options;
  const folder = corpusFolder(directory, corpus.name);
  const before = await readCurrent(folder);
  const buildId = await takeBuildFolder(folder, { fingerprint, buildId: newBuildId(clock, fingerprint) });
  const into = join(folder, buildId);
  const database = join(into, databaseName);
  let written: Awaited<ReturnType<typeof writeDatabase>>;
  try {
    written = await writeDatabase(into, options, { files, base });
  } catch (error) {
    const explained = explainDatabaseError(error, database, corpus.name);
    if (explained === error) throw error;
    // What a loss of power left of an earlier build can't be resumed: the next call begins anew.
    await rm(into, { recursive: true, force: true });
    if (base?.lacks && explained instanceof TenkyoError && explained.code === 'file_corrupt') {
      return buildEmbedded(options, { fingerprint, files, base: null });
    }
    throw explained;
  }
  await syncFile(database);
  const unfinished: IndexManifest = {
    version: 1,
    corpus: corpus.name,
    buildId,
    fingerprint,
    recipe: currentRecipe(embedder?.fingerprint ?? null),
    files: files.map(({ name, bytes, sha256, lines, reading }) => ({ name, bytes, sha256, lines, reading })),
    kinds: kindsOf(files),
    builtAt: new Date(clock.now()).toISOString(),
    ...written,
    databaseBytes: (await stat(database)).size,
    spanBytes: 0,
    calibration: null,
  };
  await writeManifest(folder, unfinished);
  // Each in a thread of its own; where one fails the other is waited for, since it holds files open.
  const ends = [writeSpans(into, options.signal), calibrateBuild(options, unfinished)] as const;
  await Promise.allSettled(ends);
  const manifest = { ...unfinished, spanBytes: await ends[0], calibration: await ends[1] };
  await writeManifest(folder, manifest);
  await writeCurrent(folder, buildId);
  await unmark(folder, buildId);
  await removeOldBuilds(folder, before);
  return manifest;
};

/**
 * Builds the index of a corpus in a folder of its own and makes it current in one step; does nothing when the current
 * one is made of the same files in the same way. Where files have grown or come since, it goes on from a copy of the
 * current one, and where they have changed, it takes over the vectors of what has not. Killed or aborted, it goes on
 * where it was at the next call. Works in slices of a few milliseconds, so that the process stays responsive.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt`, `config_invalid`, `engine_unavailable`; the signal's reason when
 * aborted
 */
export const buildIndex = async (options: BuildOptions): Promise<BuildResult> => {
  const plan = await planBuild(options);
  const manifest = plan.current ?? (await buildEmbedded(options, plan));
  const targets: BuildResult['targets'][number][] = [];
  // After the index on this machine: a server that is down is no reason to have none.
  for (const target of options.targets ?? []) {
    const counts = await buildTarget(target, plan.files, options);
    if (!counts) continue;
    const { documents, passages, rejects } = counts;
    targets.push({ name: target.name, documents, passages, rejects });
  }
  const folder = join(corpusFolder(options.directory, options.corpus.name), manifest.buildId);
  const carried: BuildResult['carried'][number][] = [];
  for (const target of options.vectorTargets ?? []) {
    const { clock, progress, signal } = options;
    const told = createProgress({ clock, report: progress });
    const vectors = await carryVectors(target, join(folder, databaseName), { manifest, progress: told, signal });
    if (vectors !== null) carried.push({ name: target.name, vectors });
  }
  const rejectsFile = manifest.rejects.count > 0 ? join(folder, rejectsName) : null;
  const built = plan.current === null || targets.length > 0 || carried.length > 0;
  return { built, manifest, rejectsFile, targets, carried };
};
