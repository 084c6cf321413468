import { join } from 'node:path';
import { corpusIndexes } from '../../indexers/corpus-indexes.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { Document } from '../../src/corpus/document.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { asTenkyoError, TenkyoError } from '../../src/errors.ts';
import { chooseCorpus } from '../../src/search/choose-corpus.ts';
import type { ContextOptions, PassageContext } from '../../src/search/context.ts';
import { createDumpReadings, dumpRunOf } from '../../src/search/dump-readings.ts';
import { createLazyConnection } from '../../src/search/elasticsearch/connect.ts';
import { createCurrentElasticsearch } from '../../src/search/elasticsearch/current-index.ts';
import { type CurrentIndex, createCurrentIndex } from '../../src/search/embedded/current-index.ts';
import type { IndexFacts, ReadingLookup, SearchIndex } from '../../src/search/ports.ts';
import { createCurrentQdrant } from '../../src/search/qdrant/current-index.ts';
import { createQdrant } from '../../src/search/qdrant/qdrant.ts';
import type { SearchResult } from '../../src/search/result.ts';
import { createSearch, type Search, type SearchOptions, type SearchParts } from '../../src/search/search.ts';
import { createCurrentOnServers } from '../../src/search/servers/current-index.ts';
import type { SearchQuery } from '../../src/store/records.ts';
import type { OpenRuns } from './open-runs.ts';

/** The search over the configured corpora, each with the index that is current at the time. */
export interface OpenSearch {
  /** The corpus that a query is about. */
  corpusFor(query: SearchQuery): string;
  /** @throws TenkyoError `index_missing`, `index_mismatch`, `file_corrupt` */
  search(
    corpus: string,
    query: SearchQuery,
    options?: Omit<SearchOptions, 'model'> & {
      /** Whose iterations are shown; default: the model's. */ readonly run?: string;
    },
  ): Promise<SearchResult>;
  context(corpus: string, passageId: string, options: ContextOptions): Promise<PassageContext | null>;
  /** Documents of the corpus with this record id. Throws as `search` does. */
  documents(corpus: string, id: string): Promise<readonly Document[]>;
  /** What the current index of a corpus is. Throws as `search` does. */
  facts(corpus: string): Promise<IndexFacts>;
  close(): Promise<void>;
}

export interface OpenSearchOptions extends Pick<SearchParts, 'deadlineMs' | 'reranking' | 'onFailure'> {
  readonly config: Pick<
    Config,
    'corpora' | 'models' | 'dataDirectory' | 'file' | 'search' | 'elasticsearch' | 'qdrant'
  >;
  readonly runs: OpenRuns;
  /** null: vector search is off. */
  readonly embedder: Embedder | null;
  readonly clock: Clock;
}

/** Hits among what a model was tuned on. */
const tuningHits = 5;

/** Folder of all indexes. */
export const indexDirectory = ({ dataDirectory }: Pick<Config, 'dataDirectory'>): string =>
  join(dataDirectory, 'index');

/** Opens nothing yet: an index is opened by the first search, and again when another becomes current. */
export const openSearch = ({
  config,
  runs,
  embedder,
  reranking = null,
  clock,
  ...limits
}: OpenSearchOptions): OpenSearch => {
  const directory = indexDirectory(config);
  const options = { directory, embedder: embedder?.fingerprint ?? null, clock };
  const { elasticsearch } = config;
  const connection = elasticsearch && createLazyConnection(elasticsearch);
  const namespace = config.qdrant?.namespace;
  const qdrant = config.qdrant && createQdrant({ ...config.qdrant, clock, random: Math.random });
  const openCurrent = (corpus: string): CurrentIndex => {
    if (elasticsearch?.alone && connection) {
      const vectors = qdrant && namespace ? { qdrant, namespace } : null;
      const { prefix } = elasticsearch;
      return createCurrentOnServers({ connection, prefix, corpus, vectors, embedder: options.embedder, clock });
    }
    const onQdrant = qdrant !== null && embedder !== null;
    const embedded = createCurrentIndex({ ...options, corpus, vectors: !onQdrant });
    const vectors =
      onQdrant && namespace
        ? createCurrentQdrant(embedded, { qdrant, namespace, corpus, embedder: embedder.fingerprint })
        : embedded;
    if (!elasticsearch || !connection) return vectors;
    return createCurrentElasticsearch(vectors, { connection, prefix: elasticsearch.prefix, corpus, clock });
  };
  const indexes = new Map<string, CurrentIndex>();
  const tuningIndexes = new Map<string, CurrentIndex>();
  for (const corpus of config.corpora) {
    const { texts, tuning } = corpusIndexes(corpus);
    indexes.set(corpus.name, openCurrent(texts.name));
    if (tuning) tuningIndexes.set(corpus.name, openCurrent(tuning.name));
  }

  const modelOf = ({ model }: SearchQuery) => config.models.find(({ name }) => name === model) ?? null;

  /** A model's own run where the corpus has it, else the corpus's first. */
  const readingsFor = (corpus: string, query: SearchQuery, asked?: string): ReadingLookup => {
    const names = config.corpora.find(({ name }) => name === corpus)?.runs ?? [];
    const run = asked ?? modelOf(query)?.run ?? null;
    if (asked !== undefined && !names.includes(asked)) {
      throw new TenkyoError('usage', `the corpus "${corpus}" has no run "${asked}"`, {
        where: config.file,
        expected: names.join(', ') || 'none is configured',
        found: asked,
        remedy: 'Name one of its runs.',
      });
    }
    return runs.lookup(run !== null && names.includes(run) ? run : names[0]);
  };

  const use = <T>(corpus: string, work: (index: SearchIndex) => Promise<T>): Promise<T> => {
    const index = indexes.get(corpus);
    if (index) return index.use(work);
    throw new TenkyoError('usage', `there is no corpus "${corpus}"`, {
      where: config.file,
      expected: [...indexes.keys()].join(', ') || 'none is configured',
      found: corpus,
      remedy: 'Name one of the configured corpora.',
    });
  };

  const searchOf = (index: SearchIndex, readingLookup: ReadingLookup, parts?: Pick<SearchParts, 'reranking'>): Search =>
    createSearch({
      index,
      embedder,
      readings: readingLookup,
      clock,
      fusion: config.search.fusion,
      ...limits,
      ...parts,
    });

  /** Of a corpus with a run's dump the documents themselves say when they were read. */
  const withDump = (corpus: string, { documents }: SearchIndex, others: ReadingLookup): ReadingLookup => {
    const declared = config.corpora.find(({ name }) => name === corpus);
    const run = declared ? dumpRunOf(declared) : null;
    return run ? createDumpReadings({ documents, run, others }) : others;
  };

  /** What the model was tuned on must not keep a person from what it was trained on: the result names the fault. */
  const searchTuning = async (
    corpus: string,
    query: SearchQuery,
    lookup: ReadingLookup,
    asked: SearchOptions,
  ): Promise<Pick<SearchResult, 'tuning' | 'tuningFault'>> => {
    const current = tuningIndexes.get(corpus);
    if (!current) return { tuning: null };
    try {
      const { index, spans, hits } = await current.use((opened) =>
        searchOf(opened, lookup).search(query, { ...asked, limit: Math.min(tuningHits, asked.limit ?? tuningHits) }),
      );
      return { tuning: { index, spans, hits } };
    } catch (error) {
      asked.signal?.throwIfAborted();
      const fault = asTenkyoError(error);
      limits.onFailure?.('tuning', fault);
      return { tuning: null, tuningFault: fault.code };
    }
  };

  return {
    corpusFor: (query) => {
      const { corpora: visible } = query;
      const corpora = visible ? config.corpora.filter(({ name }) => visible.includes(name)) : config.corpora;
      return chooseCorpus(corpora, modelOf(query)).name;
    },
    documents: async (corpus, id) => {
      const byId = async ({ documents }: SearchIndex) => documents.byId(id);
      const texts = await use(corpus, byId);
      const examples = await tuningIndexes.get(corpus)?.use(byId);
      return [...texts, ...(examples ?? [])];
    },
    search: (corpus, query, searchOptions) =>
      use(corpus, async (index) => {
        const lookup = readingsFor(corpus, query, searchOptions?.run);
        const model = modelOf(query);
        const checkpoint =
          model && model.run === lookup.run?.name && model.checkpoint !== 'last' ? model.checkpoint : null;
        const asked = { ...searchOptions, model: model && { name: model.name, checkpoint } };
        const [result, tuning] = await Promise.all([
          searchOf(index, withDump(corpus, index, lookup), { reranking }).search(query, asked),
          searchTuning(corpus, query, lookup, asked),
        ]);
        return { ...result, ...tuning };
      }),
    context: async (corpus, passageId, contextOptions) => {
      const inIndex = (index: SearchIndex) =>
        searchOf(index, runs.lookup(undefined)).context(passageId, contextOptions);
      return (await use(corpus, inIndex)) ?? (await tuningIndexes.get(corpus)?.use(inIndex)) ?? null;
    },
    facts: (corpus) => use(corpus, async ({ facts }) => facts),
    close: async () => {
      for (const index of [...indexes.values(), ...tuningIndexes.values()]) await index.close();
      await connection?.close();
    },
  };
};
