import type { Clock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import type { TextServer } from '../index-target.ts';
import { beginBuild, type IndexSettings } from './build.ts';
import type { ElasticsearchConnection, LazyConnection } from './connect.ts';
import { drawPassages } from './drawn-passages.ts';
import { explainElasticsearchError } from './errors.ts';
import { currentRecipe, type ElasticsearchManifest, writeManifest } from './manifest.ts';
import { indexName } from './names.ts';
import { defaultPrefix, openElasticsearchIndex, readCurrentBuild } from './open-index.ts';
import { indexKinds } from './schema.ts';

export interface TargetOptions {
  readonly connection: Pick<LazyConnection, 'get'>;
  /** Begins the names of all indexes. Default `tenkyo`. */
  readonly prefix?: string;
  readonly settings?: Partial<IndexSettings>;
  readonly clock: Clock;
}

/** Asked of the analysis itself: the plugin may be built in, or have another name. */
export const checkKuromoji = async ({ client, where }: ElasticsearchConnection): Promise<void> => {
  try {
    await client.indices.analyze({ tokenizer: 'kuromoji_tokenizer', text: '東京都' });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 400) throw explainElasticsearchError(error, { where });
    throw new TenkyoError('config_invalid', 'the Elasticsearch server has no Japanese analysis', {
      where,
      expected: 'the tokenizer kuromoji_tokenizer (plugin analysis-kuromoji)',
      found: 'no such tokenizer',
      remedy: 'Install the plugin on every node, or leave ELASTICSEARCH_KUROMOJI out: the search does without.',
      cause: error,
    });
  }
};

/** Elasticsearch as a place where `tenkyo index` builds. */
export const createElasticsearchTarget = ({
  connection: lazy,
  prefix = defaultPrefix,
  settings: { shards = 1, replicas = null, kuromoji = false } = {},
  clock,
}: TargetOptions): TextServer => ({
  name: 'elasticsearch',
  recipe: currentRecipe({ kuromoji }),
  isCurrent: async (corpus, fingerprint) => {
    const connection = await lazy.get();
    const { client, where } = connection;
    const current = await readCurrentBuild({ connection, prefix, corpus });
    if (current?.fingerprint !== fingerprint || current.state !== 'complete') return false;
    try {
      const counts = indexKinds.map(
        async (kind) => (await client.count({ index: indexName(prefix, corpus, kind, fingerprint) })).count,
      );
      const [documents, passages] = await Promise.all(counts);
      return documents === current.documents && passages === current.passages;
    } catch (error) {
      const explained = explainElasticsearchError(error, { where, corpus });
      if (explained instanceof TenkyoError && explained.code === 'index_missing') return false;
      throw explained;
    }
  },
  current: async (corpus) => {
    const build = await readCurrentBuild({ connection: await lazy.get(), prefix, corpus });
    return build?.state === 'complete' ? build : null;
  },
  draw: async (corpus, limit) => drawPassages(await lazy.get(), { prefix, corpus }, limit),
  open: async (corpus) => openElasticsearchIndex({ connection: await lazy.get(), prefix, corpus }),
  addTo: async (corpus, additions) => {
    const connection = await lazy.get();
    const build = await readCurrentBuild({ connection, prefix, corpus });
    if (build?.state !== 'complete') return;
    const manifest: ElasticsearchManifest = { ...build, ...additions, at: new Date(clock.now()).toISOString() };
    try {
      await writeManifest(connection, indexName(prefix, corpus, 'passages', build.fingerprint), manifest);
    } catch (error) {
      throw explainElasticsearchError(error, { where: connection.where, corpus });
    }
  },
  begin: async (corpus, fingerprint, { signal }) => {
    const connection = await lazy.get();
    if (kuromoji) await checkKuromoji(connection);
    const settings = { shards, replicas, kuromoji };
    return beginBuild({ connection, prefix, corpus, fingerprint, settings, clock, ...(signal && { signal }) });
  },
});
