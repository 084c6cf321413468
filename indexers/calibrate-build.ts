import { join } from 'node:path';
import { corpusFolder, type IndexManifest } from '../src/search/embedded/build-folder.ts';
import { openIndex } from '../src/search/embedded/open-index.ts';
import { samplePassages } from '../src/search/embedded/sample-passages.ts';
import { databaseName } from '../src/search/embedded/schema.ts';
import { calibrate } from '../src/search/relevance.ts';
import type { BuildOptions } from './plan-build.ts';

/** Passages of which a sentence is asked: about a second. */
const passagesAsked = 120;

/** Asks a build that is whole but for its suffix arrays, and not yet current, sentences of its own: what they score says what a hit's score means. */
export const calibrateBuild = async (
  { corpus, embedder, directory, clock, signal }: BuildOptions,
  { buildId }: Pick<IndexManifest, 'buildId'>,
): Promise<IndexManifest['calibration']> => {
  const database = join(corpusFolder(directory, corpus.name), buildId, databaseName);
  const index = await openIndex({
    directory,
    corpus: corpus.name,
    embedder: embedder?.fingerprint ?? null,
    clock,
    buildId,
    spans: false,
  });
  try {
    return await calibrate(samplePassages(database, passagesAsked), { index, embedder, signal });
  } finally {
    await index.close();
  }
};
