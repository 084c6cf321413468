import { createHash } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../src/clock.ts';
import type { CorpusConfig } from '../src/config/config.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import {
  type CorpusFile,
  corpusFolder,
  currentRecipe,
  type IndexManifest,
  readCurrent,
  readManifest,
  writeCurrent,
  writeManifest,
} from '../src/search/embedded/build-folder.ts';
import { explainDatabaseError } from '../src/search/embedded/database-errors.ts';
import { openIndex } from '../src/search/embedded/open-index.ts';
import { databaseName } from '../src/search/embedded/schema.ts';
import { writeSpans } from '../src/search/embedded/write-spans.ts';
import { createIndexWriter } from '../src/search/embedded/writer.ts';
import type { IndexTarget, TargetCounts } from '../src/search/index-target.ts';
import { calibrate } from '../src/search/relevance.ts';
import { type CountedFile, countFile, listCorpusFiles } from './corpus-files.ts';
import { removeOldBuilds, takeBuildFolder, unmark } from './half-built.ts';
import { createProgress, type ReportProgress } from './progress.ts';
import { createTextWriter } from './text-writer.ts';
import { writeTexts } from './write-texts.ts';
import { writeVectors } from './write-vectors.ts';

export interface BuildOptions {
  readonly corpus: Pick<CorpusConfig, 'name' | 'documents'>;
  /** null: an index without vectors. */
  readonly embedder: Embedder | null;
  /** Folder of all indexes. */
  readonly directory: string;
  readonly clock: Clock;
  readonly progress?: ReportProgress;
  readonly signal?: AbortSignal;
  /** Lines that may be no documents before the build is given up; default: any number. */
  readonly maximumRejects?: number;
  /** Servers that hold an index of the same documents beside this one. */
  readonly targets?: readonly IndexTarget[];
}

export interface BuildResult {
  /** False: the current index was already made of these files in this way. */
  readonly built: boolean;
  readonly manifest: IndexManifest;
  /** What was built on other servers; none where all were up to date. */
  readonly targets: readonly (TargetCounts & { readonly name: string })[];
}

/** What an index of a corpus would be made of, and whether the current one is made of just that. */
export interface BuildPlan {
  readonly fingerprint: string;
  readonly files: readonly CountedFile[];
  /** The current index when it is whole and up to date. */
  readonly current: IndexManifest | null;
  /** The servers whose index isn't. */
  readonly stale: readonly IndexTarget[];
}

const fingerprintOf = (recipe: object, files: readonly CorpusFile[]): string =>
  createHash('sha256')
    .update(JSON.stringify([recipe, files.map(({ name, bytes, sha256 }) => [name, bytes, sha256])]))
    .digest('hex')
    .slice(0, 16);

/** The current build if it has this fingerprint and opens: a damaged one is built again. */
const upToDate = async (
  { corpus, embedder, directory, clock }: BuildOptions,
  fingerprint: string,
): Promise<IndexManifest | null> => {
  const folder = corpusFolder(directory, corpus.name);
  try {
    const buildId = await readCurrent(folder);
    const manifest = buildId && (await readManifest(folder, buildId, corpus.name));
    if (!manifest || manifest.fingerprint !== fingerprint) return null;
    const index = await openIndex({ directory, corpus: corpus.name, embedder: embedder?.fingerprint ?? null, clock });
    await index.close();
    return manifest;
  } catch {
    return null;
  }
};

export const planBuild = async (options: BuildOptions): Promise<BuildPlan> => {
  const { corpus, embedder, signal } = options;
  const paths = await listCorpusFiles(corpus.name, corpus.documents);
  const files: CountedFile[] = [];
  for (const path of paths) files.push(await countFile(path, signal));
  const fingerprint = fingerprintOf(currentRecipe(embedder?.fingerprint ?? null), files);
  const stale: IndexTarget[] = [];
  for (const target of options.targets ?? []) {
    if (!(await target.isCurrent(corpus.name, fingerprintOf(target.recipe, files)))) stale.push(target);
  }
  return { fingerprint, files, current: await upToDate(options, fingerprint), stale };
};

const syncFile = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+');
  await handle.sync().finally(() => handle.close());
};

/** Passages of which a sentence is asked to calibrate the relevance of hits: about a second. */
const calibrationPassages = 120;

const writeDatabase = async (
  file: string,
  {
    files,
    embedder,
    clock,
    signal,
    progress,
    maximumRejects = Number.POSITIVE_INFINITY,
  }: BuildOptions & Pick<BuildPlan, 'files'>,
) => {
  const writer = createIndexWriter(file);
  const told = createProgress({ clock, report: progress });
  try {
    const texts = createTextWriter({ writer, clock, signal });
    const rejects = await writeTexts({ writer: texts, files, maximumRejects, clock, progress: told, signal });
    if (embedder) await writeVectors({ writer, embedder, passages: writer.counts().passages, progress: told, signal });
    const counts = writer.counts();
    const sample = writer.sample(calibrationPassages);
    writer.finish();
    return { counts, rejects, sample };
  } finally {
    writer.close();
  }
};

/** `20261123T101200-<fingerprint>`: builds stand in order of their beginning. */
const newBuildId = (clock: Clock, fingerprint: string): string =>
  `${new Date(clock.now()).toISOString().replace(/[-:]|\.\d+Z/g, '')}-${fingerprint.slice(0, 8)}`;

const buildEmbedded = async (options: BuildOptions, { fingerprint, files }: BuildPlan): Promise<IndexManifest> => {
  const { corpus, embedder, directory, clock } = options;
  const folder = corpusFolder(directory, corpus.name);
  const before = await readCurrent(folder);
  const buildId = await takeBuildFolder(folder, { fingerprint, buildId: newBuildId(clock, fingerprint) });
  const database = join(folder, buildId, databaseName);
  const { rejects, counts, sample } = await writeDatabase(database, { ...options, files }).catch(
    async (error: unknown) => {
      const explained = explainDatabaseError(error, database, corpus.name);
      // What a loss of power left of an earlier build can't be resumed: the next call begins anew.
      if (explained !== error) await rm(join(folder, buildId), { recursive: true, force: true });
      throw explained;
    },
  );
  await syncFile(database);
  const spanBytes = await writeSpans(join(folder, buildId), options.signal);
  const uncalibrated: IndexManifest = {
    version: 1,
    corpus: corpus.name,
    buildId,
    fingerprint,
    recipe: currentRecipe(embedder?.fingerprint ?? null),
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    builtAt: new Date(clock.now()).toISOString(),
    ...counts,
    rejects,
    databaseBytes: (await stat(database)).size,
    spanBytes,
    calibration: null,
  };
  await writeManifest(folder, uncalibrated);
  const index = await openIndex({
    directory,
    corpus: corpus.name,
    embedder: embedder?.fingerprint ?? null,
    clock,
    buildId,
  });
  const calibration = await calibrate(sample, { index, embedder, signal: options.signal }).finally(() => index.close());
  const manifest = { ...uncalibrated, calibration };
  await writeManifest(folder, manifest);
  await writeCurrent(folder, buildId);
  await unmark(folder, buildId);
  await removeOldBuilds(folder, before);
  return manifest;
};

const buildTarget = async (
  target: IndexTarget,
  files: BuildPlan['files'],
  { corpus, clock, signal, progress, maximumRejects = Number.POSITIVE_INFINITY }: BuildOptions,
): Promise<TargetCounts> => {
  const build = await target.begin(corpus.name, fingerprintOf(target.recipe, files), { signal });
  try {
    const told = createProgress({ clock, report: progress });
    await writeTexts({ writer: build, files, maximumRejects, clock, progress: told, signal });
    return await build.publish();
  } finally {
    await build.close();
  }
};

/**
 * Builds the index of a corpus in a folder of its own and makes it current in one step; does nothing when the current
 * one is made of the same files in the same way. Killed or aborted, it goes on where it was at the next call. Works in
 * slices of a few milliseconds, so that the process stays responsive.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt`, `config_invalid`; the signal's reason when aborted
 */
export const buildIndex = async (options: BuildOptions): Promise<BuildResult> => {
  const plan = await planBuild(options);
  const manifest = plan.current ?? (await buildEmbedded(options, plan));
  const targets: BuildResult['targets'][number][] = [];
  for (const target of plan.stale) {
    targets.push({ name: target.name, ...(await buildTarget(target, plan.files, options)) });
  }
  return { built: plan.current === null || targets.length > 0, manifest, targets };
};
