import { TenkyoError } from '../../errors.ts';
import type { SearchIndex } from '../ports.ts';
import type { ElasticsearchConnection } from './connect.ts';
import { createDocumentStore } from './documents.ts';
import { explainElasticsearchError } from './errors.ts';
import { createKeywordIndex } from './keyword.ts';
import { checkRecipe, type ElasticsearchManifest, readManifests } from './manifest.ts';
import { createMultiSearch } from './multi-search.ts';
import { indexName, readAlias } from './names.ts';
import { createSpanIndex } from './spans.ts';

export interface OpenElasticsearchOptions {
  readonly connection: ElasticsearchConnection;
  /** Begins the names of all indexes. Default `tenkyo`. */
  readonly prefix?: string;
  readonly corpus: string;
}

export const defaultPrefix = 'tenkyo';

const missing = (corpus: string, where: string): TenkyoError =>
  new TenkyoError('index_missing', `Elasticsearch has no index of the corpus "${corpus}" yet`, {
    where,
    remedy: `Build it: tenkyo index ${corpus}`,
  });

/**
 * The build that the corpus's alias leads to; null: none.
 *
 * @throws TenkyoError `engine_unavailable`
 */
export const readCurrentBuild = async ({
  connection,
  prefix = defaultPrefix,
  corpus,
}: OpenElasticsearchOptions): Promise<ElasticsearchManifest | null> => {
  const alias = readAlias(prefix, corpus, 'passages');
  try {
    return (await readManifests(connection, alias))[0]?.manifest ?? null;
  } catch (error) {
    throw explainElasticsearchError(error, { where: connection.where, corpus });
  }
};

/**
 * Opens the current build of a corpus's index, without vectors: Elasticsearch gives keywords, spans and texts. A build
 * that becomes current later is another index: this one goes on answering from its own until that is removed.
 *
 * @throws TenkyoError `engine_unavailable`, `index_missing`, `index_mismatch`
 */
export const openElasticsearchIndex = async (options: OpenElasticsearchOptions): Promise<SearchIndex> => {
  const { connection, prefix = defaultPrefix, corpus } = options;
  const { client, where } = connection;
  const manifest = await readCurrentBuild(options);
  if (manifest?.state !== 'complete') {
    throw missing(corpus, `${where}${readAlias(prefix, corpus, 'passages')}`);
  }
  const { fingerprint, at, documents, passages, vectors, calibration, kinds } = manifest;
  const indexes = {
    documents: indexName(prefix, corpus, 'documents', fingerprint),
    passages: indexName(prefix, corpus, 'passages', fingerprint),
  };
  checkRecipe(manifest, `${where}${indexes.passages}`);
  const place = { where, corpus };
  const settings = await client.indices
    .getSettings({ index: [indexes.documents, indexes.passages], name: 'index.number_of_shards' })
    .catch((error) => {
      throw explainElasticsearchError(error, place);
    });
  const shardsOf = (index: string): number => Number(settings[index]?.settings?.index?.number_of_shards ?? 1);
  const search = createMultiSearch(connection, place);
  return {
    facts: {
      corpus,
      fingerprint,
      builtAt: at,
      documents,
      passages,
      embedder: vectors?.embedder ?? null,
      calibration,
      kinds,
    },
    means: vectors?.means ?? null,
    keyword: createKeywordIndex({
      connection,
      index: indexes.passages,
      passages,
      exactScores: shardsOf(indexes.passages) > 1,
      place,
    }),
    vector: null,
    spans: createSpanIndex({ search, index: indexes.documents, exactScores: shardsOf(indexes.documents) > 1 }),
    documents: createDocumentStore({ connection, search, indexes, place }),
    close: async () => undefined,
  };
};
