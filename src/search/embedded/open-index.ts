import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import type { SearchIndex } from '../ports.ts';
import { checkRecipe, corpusFolder, readCurrent, readManifest } from './build-folder.ts';
import { damagedIndex, explainDatabaseError } from './database-errors.ts';
import { createDocumentStore } from './documents.ts';
import { readMeans } from './means.ts';
import { openEngines } from './open-engines.ts';
import { openWhole } from './open-whole.ts';
import { databaseName } from './schema.ts';
import { spanFileName } from './span-file.ts';
import { openThreadedEngines } from './threaded-engines.ts';

export interface OpenIndexOptions {
  /** Folder of all indexes. */
  readonly directory: string;
  readonly corpus: string;
  /** The configured embedder's fingerprint; null: none is configured. */
  readonly embedder: string | null;
  readonly clock: Pick<Clock, 'now'>;
  /** A build that is not (yet) the current one. */
  readonly buildId?: string;
  /** Left out: there are suffix arrays; false: they are still being made, and no stretches are found. */
  readonly spans?: boolean;
  /** Passages from which on the engines run in a thread of their own, to keep the main one free. */
  readonly threadFrom?: number;
  /** false: its vectors are looked up elsewhere and are not loaded. Default true. */
  readonly vectors?: boolean;
}

const defaultThreadFrom = 5_000;

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );

/** Opens the build that is current, read-only. Look at `current` before each search: `createCurrentIndex` does. */
export const openIndex = async ({
  directory,
  corpus,
  embedder,
  clock,
  buildId: named,
  spans = true,
  threadFrom = defaultThreadFrom,
  vectors = true,
}: OpenIndexOptions): Promise<SearchIndex & { buildId: string }> => {
  const folder = corpusFolder(directory, corpus);
  const buildId = named ?? (await readCurrent(folder));
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
  const bytes = await sizeOf(file);
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
  const spanFile = join(folder, buildId, spanFileName);
  const spanBytes = await sizeOf(spanFile);
  if (spans && spanBytes !== manifest.spanBytes) {
    const found = spanBytes === null ? 'no file' : `${spanBytes} bytes`;
    throw damagedIndex(corpus, { where: spanFile, expected: `${manifest.spanBytes} bytes`, found });
  }

  const database = guard(() => openWhole(file));
  try {
    // Pages of the trees above all rows, which every look-up reads.
    database.exec('pragma cache_size = -16384');
    const documentStore = guard(() => createDocumentStore({ database, clock, guard }));
    const asked = { folder: join(folder, buildId), corpus, passages: manifest.passages, spans, vectors };
    const engines = await (manifest.passages < threadFrom ? openEngines(asked, clock) : openThreadedEngines(asked));
    const { fingerprint, builtAt, documents, passages: passageCount, recipe, calibration, kinds } = manifest;
    return {
      buildId,
      facts: {
        corpus,
        fingerprint,
        builtAt,
        documents,
        passages: passageCount,
        embedder: recipe.embedder,
        calibration,
        kinds,
      },
      keyword: engines.keyword,
      vector: engines.vector,
      means: readMeans(database),
      spans: engines.spans,
      documents: documentStore,
      close: async () => {
        await engines.close();
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw explainDatabaseError(error, file, corpus);
  }
};
