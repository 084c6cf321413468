import type { IndexManifest } from '../src/search/embedded/build-folder.ts';
import { openStoredVectors } from '../src/search/embedded/stored-vectors.ts';
import type { VectorTarget } from '../src/search/index-target.ts';
import { vectorsFingerprint } from '../src/search/qdrant/target.ts';
import type { Progress } from './progress.ts';

const pointsAtOnce = 512;

/**
 * Puts the vectors of the index on this machine on a server, unless they are there. A try that was killed is begun again:
 * nothing is embedded twice, and nothing is there twice.
 *
 * @returns points carried; null: they were there, or there are none
 */
export const carryVectors = async (
  target: VectorTarget,
  database: string,
  { manifest, progress, signal }: { manifest: IndexManifest; progress: Progress; signal?: AbortSignal },
): Promise<number | null> => {
  const { embedder } = manifest.recipe;
  if (embedder === null) return null;
  const stored = openStoredVectors(database);
  try {
    const { count, dimensions, means } = stored;
    if (count === 0) return null;
    const recipe = {
      corpus: manifest.corpus,
      fingerprint: vectorsFingerprint(manifest.fingerprint, means),
      embedder,
    };
    if (await target.isCurrent(recipe, signal)) return null;
    const writer = await target.begin(recipe, { dimensions, expected: count });
    progress.begin('vectors', { done: 0, total: count });
    let done = 0;
    for (let last = 0; ; ) {
      signal?.throwIfAborted();
      const batch = stored.after(last, pointsAtOnce);
      if (batch.length === 0) break;
      await writer.add(
        batch.map(({ point }) => point),
        signal,
      );
      last = batch.at(-1)!.row;
      done += batch.length;
      progress.advance(done);
    }
    await writer.finish(count, signal);
    return count;
  } finally {
    stored.close();
  }
};
