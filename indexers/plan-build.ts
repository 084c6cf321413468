import { createHash } from 'node:crypto';
import type { Clock } from '../src/clock.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import {
  type CorpusFile,
  corpusFolder,
  currentRecipe,
  type IndexManifest,
  readCurrent,
  readManifest,
} from '../src/search/embedded/build-folder.ts';
import { openIndex } from '../src/search/embedded/open-index.ts';
import type { IndexTarget, VectorTarget } from '../src/search/index-target.ts';
import { type BaseBuild, findBase } from './base-build.ts';
import { type CountedFile, countFiles } from './corpus-files.ts';
import type { CorpusDeclaration } from './list-files.ts';
import type { ReportProgress } from './progress.ts';

export interface BuildOptions {
  readonly corpus: CorpusDeclaration;
  /** null: an index without vectors. */
  readonly embedder: Embedder | null;
  /** Folder of all indexes. */
  readonly directory: string;
  readonly clock: Clock;
  readonly progress?: ReportProgress;
  readonly signal?: AbortSignal;
  /** Lines that may be no documents before the build is given up; default: any number. */
  readonly maximumRejects?: number;
  /** Threads that cut documents into passages and find their tokens; default: by the size of the corpus. */
  readonly threads?: number;
  /** Servers that hold an index of the same documents beside this one. */
  readonly targets?: readonly IndexTarget[];
  /** Servers that hold its vectors. */
  readonly vectorTargets?: readonly VectorTarget[];
}

/** What an index of a corpus would be made of, and whether the current one is made of just that. */
export interface BuildPlan {
  readonly fingerprint: string;
  readonly files: readonly CountedFile[];
  /** The current index when it is whole and up to date. */
  readonly current: IndexManifest | null;
  /** An earlier build of which something is still right; null: none. */
  readonly base: BaseBuild | null;
}

export const fingerprintOf = (recipe: object, files: readonly CorpusFile[]): string =>
  createHash('sha256')
    .update(JSON.stringify([recipe, files.map(({ name, bytes, sha256, reading }) => [name, bytes, sha256, reading])]))
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
  const { corpus, embedder, directory, signal } = options;
  const files = await countFiles(corpus, signal);
  const fingerprint = fingerprintOf(currentRecipe(embedder?.fingerprint ?? null), files);
  const current = await upToDate(options, fingerprint);
  const base = current
    ? null
    : await findBase({ folder: corpusFolder(directory, corpus.name), corpus: corpus.name, files, signal });
  // One that should be current and isn't is damaged.
  return { fingerprint, files, current, base: base?.manifest.fingerprint === fingerprint ? null : base };
};
