import { cpus, loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { buildIndex } from '../../indexers/build-index.ts';
import { corpusIndexes } from '../../indexers/corpus-indexes.ts';
import type { CorpusDeclaration } from '../../indexers/list-files.ts';
import { planBuild } from '../../indexers/plan-build.ts';
import type { ReportProgress } from '../../indexers/progress.ts';
import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import type { ReadingLookup } from '../../src/search/ports.ts';
import type { Reranking } from '../../src/search/rerank.ts';
import { createSearch, type SearchOptions } from '../../src/search/search.ts';
import { indexDirectory } from '../compose/open-search.ts';
import { readBeir } from './beir-set.ts';
import { configuredCorpora } from './configured-corpora.ts';
import type { JudgedEngine, QueryAnswers } from './eval-report.ts';
import { type JudgedQuery, readQueries, writeCorpus } from './judged-set.ts';
import { grouped } from './numbers.ts';
import { readSquad } from './squad-set.ts';

/** Which set is judged; paths are absolute. */
export type JudgedSource =
  | { readonly squad: string }
  | { readonly beir: string; readonly part?: string | undefined }
  | { readonly queries: string; readonly corpus: string };

export interface JudgeOptions {
  readonly config: Config;
  /** null: vector search is off. */
  readonly embedder: Embedder | null;
  /** null: no row for it. */
  readonly reranking: Reranking | null;
  /** What has no place of its own is indexed here. */
  readonly folder: string;
  readonly note: (line: string) => void;
  readonly progress?: ReportProgress;
}

export interface JudgedAnswers {
  /** Of the set. */
  readonly name: string;
  readonly answers: readonly QueryAnswers[];
  /** How large it is, what made the vectors, on what machine: one line. */
  readonly facts: string;
}

/** When documents were read plays no part here. */
const readings: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };
/** Found by a query; nDCG and recall look at ten. */
const depth = 10;
/** Nothing is left out because the machine is slow: the times say how slow. */
const deadlineMs = 60_000;
const engines: readonly [JudgedEngine, NonNullable<SearchOptions['engine']>][] = [
  ['keyword', 'keyword'],
  ['vector', 'vector'],
  ['exact', 'exact'],
  ['fused', 'hybrid'],
  ['reranked', 'hybrid'],
];

interface Task {
  readonly name: string;
  readonly queries: readonly JudgedQuery[];
  readonly corpus: CorpusDeclaration;
  /** Where the index is or is made. */
  readonly directory: string;
}

const taskOf = async (source: JudgedSource, { config, embedder, folder }: JudgeOptions): Promise<Task> => {
  if ('queries' in source) {
    const [named] = configuredCorpora(config, [source.corpus]);
    const declared = corpusIndexes(named!).texts;
    const own = indexDirectory(config);
    const { current } = await planBuild({ corpus: declared, embedder, directory: own, clock: systemClock });
    return {
      name: `${basename(source.queries)} over ${source.corpus}`,
      queries: await readQueries(source.queries),
      corpus: declared,
      directory: current ? own : join(folder, 'index'),
    };
  }
  const place = 'squad' in source ? source.squad : source.beir;
  const set = 'squad' in source ? await readSquad(place) : await readBeir(place, source.part);
  return {
    name: basename(place),
    queries: set.queries,
    corpus: { name: 'judged', documents: await writeCorpus(folder, set.documents) },
    directory: join(folder, 'index'),
  };
};

/** Asks every engine alone, all of them, and all of them with the reranker, one query after the other. */
export const judgeRetrieval = async (source: JudgedSource, options: JudgeOptions): Promise<JudgedAnswers> => {
  const { config, embedder, reranking, note, progress } = options;
  const { name, queries, corpus, directory } = await taskOf(source, options);
  await buildIndex({ corpus, embedder, directory, clock: systemClock, progress });
  const index = await openIndex({
    directory,
    corpus: corpus.name,
    embedder: embedder?.fingerprint ?? null,
    clock: systemClock,
  });
  const parts = { index, embedder, readings, clock: systemClock, deadlineMs, fusion: config.search.fusion };
  const plain = createSearch(parts);
  const reranked = reranking && createSearch({ ...parts, reranking: { ...reranking, deadlineMs } });
  const asked = engines.flatMap(([engine, option]) => {
    if (engine === 'vector' && (embedder === null || index.vector === null)) return [];
    const search = engine === 'reranked' ? reranked : plain;
    return search ? [{ engine, option, search }] : [];
  });
  const answers: QueryAnswers[] = [];
  try {
    for (const query of queries) {
      const given: Record<string, QueryAnswers['engines'][JudgedEngine]> = {};
      for (const { engine, option, search } of asked) {
        const began = performance.now();
        const { hits } = await search.search(
          { text: query.text, question: null, model: null },
          { engine: option, limit: depth },
        );
        given[engine] = { found: hits.map(({ documentId }) => documentId), ms: performance.now() - began };
      }
      answers.push({ query, engines: given });
      if (answers.length % Math.ceil(queries.length / 10) === 0) {
        note(`queries ${grouped(answers.length)}/${grouped(queries.length)}`);
      }
    }
    const { documents, passages } = index.facts;
    const vectors = embedder ? `vectors by \`${embedder.fingerprint.slice(0, 12)}\`` : 'no vectors';
    return {
      name,
      answers,
      facts: `${grouped(documents)} documents, ${grouped(passages)} passages, ${grouped(queries.length)} queries; ${vectors}; ${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}.`,
    };
  } finally {
    await index.close();
  }
};
