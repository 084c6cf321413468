import type { IndexTarget, TargetCounts } from '../src/search/index-target.ts';
import { type BuildOptions, type BuildPlan, fingerprintOf } from './plan-build.ts';
import { createPreparer, threadsFor } from './preparer.ts';
import { createProgress } from './progress.ts';
import { bytesOf } from './write-database.ts';
import { type Rejects, writeTexts } from './write-texts.ts';

/** What was built on a server, and the lines of the corpus that are no documents. */
export interface BuiltTarget extends TargetCounts {
  readonly lineRejects: Rejects;
}

/** Builds the index of a corpus on a server; null: it is there, made of the same files in the same way. */
export const buildTarget = async (
  target: IndexTarget,
  files: BuildPlan['files'],
  { corpus, clock, signal, progress, threads, maximumRejects = Number.POSITIVE_INFINITY }: BuildOptions,
): Promise<BuiltTarget | null> => {
  const fingerprint = fingerprintOf(target.recipe, files);
  if (await target.isCurrent(corpus.name, fingerprint)) return null;
  const work = files.map((file) => ({ file, from: 0 }));
  const build = await target.begin(corpus.name, fingerprint, { signal });
  try {
    const preparer = createPreparer({ threads: threads ?? threadsFor(bytesOf(work)) });
    const told = createProgress({ clock, report: progress });
    // Rejects are counted, and the first of them named: their file belongs to an index on this machine.
    const shared = { openRejects: null, maximumRejects, clock, progress: told, signal };
    const lineRejects = await writeTexts({ writer: build, preparer, work, ...shared }).finally(preparer.close);
    return { ...(await build.publish()), lineRejects };
  } finally {
    await build.close();
  }
};
