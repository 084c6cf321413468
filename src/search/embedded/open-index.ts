import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import { createBreath } from '../breathe.ts';
import type { SearchIndex } from '../ports.ts';
import { checkRecipe, corpusFolder, readCurrent, readManifest } from './build-folder.ts';
import { damagedIndex, explainDatabaseError } from './database-errors.ts';
import { createDocumentStore } from './documents.ts';
import { createKeywordIndex } from './keyword.ts';
import { readMeans } from './means.ts';
import { loadPassageRows } from './passage-rows.ts';
import { databaseName } from './schema.ts';
import { createSpanIndex } from './spans.ts';
import { createVectorIndex } from './vectors.ts';

export interface OpenIndexOptions {
  /** Folder of all indexes. */
  readonly directory: string;
  readonly corpus: string;
  /** The configured embedder's fingerprint; null: none is configured. */
  readonly embedder: string | null;
  readonly clock: Pick<Clock, 'now'>;
}

/** Opens the build that is current, read-only. Look at `current` before each search: `createCurrentIndex` does. */
export const openIndex = async ({
  directory,
  corpus,
  embedder,
  clock,
}: OpenIndexOptions): Promise<SearchIndex & { buildId: string }> => {
  const folder = corpusFolder(directory, corpus);
  const buildId = await readCurrent(folder);
  if (buildId === null) {
    throw new TenkyoError('index_missing', `the corpus "${corpus}" has no index yet`, {
      where: folder,
      remedy: `Build it: tenkyo index ${corpus}`,
    });
  }
  const file = join(folder, buildId, databaseName);
  const guard = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw explainDatabaseError(error, file, corpus);
    }
  };
  const manifest = await readManifest(folder, buildId, corpus);
  const bytes = await stat(file).then(
    ({ size }) => size,
    () => null,
  );
  if (!manifest || bytes === null) {
    throw damagedIndex(corpus, {
      where: join(folder, buildId),
      expected: 'a manifest and a database',
      found: 'one is missing',
    });
  }
  checkRecipe(manifest, embedder, join(folder, buildId));
  if (bytes !== manifest.databaseBytes) {
    throw damagedIndex(corpus, { where: file, expected: `${manifest.databaseBytes} bytes`, found: `${bytes} bytes` });
  }

  const database = guard(() => new DatabaseSync(file, { readOnly: true }));
  try {
    const passages = await loadPassageRows(database, manifest.passages, createBreath({ clock }));
    const keyword = guard(() => createKeywordIndex({ database, passages, clock, guard }));
    const vector = await createVectorIndex({ database, passages, clock });
    const spans = await createSpanIndex({ database, clock, guard });
    const { fingerprint, builtAt, documents, passages: passageCount, recipe } = manifest;
    return {
      buildId,
      facts: { corpus, fingerprint, builtAt, documents, passages: passageCount, embedder: recipe.embedder },
      keyword,
      vector,
      means: readMeans(database),
      spans,
      documents: guard(() => createDocumentStore({ database, clock, guard })),
      close: async () => database.close(),
    };
  } catch (error) {
    database.close();
    throw explainDatabaseError(error, file, corpus);
  }
};
