import { centred } from '../embedding/centring.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { SearchPlan } from './plan.ts';
import type { EngineOptions, KeywordResult, ScoredPassage, SearchIndex } from './ports.ts';
import type { EngineName } from './result.ts';
import { type EngineLimits, type EngineRun, runEngine } from './run-engine.ts';
import { sampleSeed } from './sample-documents.ts';
import { type TracedSpans, traceSpans } from './trace-spans.ts';
import { searchByVector } from './vector-search.ts';

/** Shortest stretch that is called verbatim, in characters. */
export const minimumSpan = 8;
const documentsPerSpan = 10;

export interface EngineRuns {
  readonly exact: EngineRun<TracedSpans>;
  readonly keyword: EngineRun<KeywordResult>;
  readonly vector: EngineRun<ScoredPassage[]>;
}

/** Asks the three engines at once, each within its deadline; none of them fails the search. */
export const askEngines = async (
  plan: SearchPlan,
  {
    index,
    embedder,
    engine,
    options,
    limits,
  }: {
    index: SearchIndex;
    embedder: Embedder | null;
    engine: EngineName | 'hybrid';
    options: Omit<EngineOptions, 'signal'>;
    limits: EngineLimits;
  },
): Promise<EngineRuns> => {
  const off = (name: EngineName): string | null => (engine === 'hybrid' || engine === name ? null : 'not_asked');
  const noVectors = embedder === null ? 'no_embedding_model' : index.vector === null ? 'no_vectors' : null;
  const [exact, keyword, vector] = await Promise.all([
    runEngine<TracedSpans>(
      {
        engine: 'exact',
        off: off('exact'),
        hits: ({ hits }) => hits.length,
        ask: (signal) =>
          traceSpans(plan.text, index, {
            ...options,
            minimum: minimumSpan,
            documents: documentsPerSpan,
            seed: sampleSeed,
            signal,
          }),
      },
      limits,
    ),
    runEngine<KeywordResult>(
      {
        engine: 'keyword',
        off: off('keyword'),
        hits: ({ hits }) => hits.length,
        ask: (signal) => index.keyword.search(plan.keyword, { ...options, signal }),
      },
      limits,
    ),
    runEngine<ScoredPassage[]>(
      {
        engine: 'vector',
        off: off('vector') ?? noVectors,
        hits: ({ length }) => length,
        ask: (signal) => {
          const asked = index.means ? centred(embedder!, index.means) : embedder!;
          return searchByVector(plan.vector, { embedder: asked, vector: index.vector! }, { ...options, signal });
        },
      },
      limits,
    ),
  ]);
  return { exact, keyword, vector };
};
