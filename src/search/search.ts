import type { Clock } from '../clock.ts';
import type { FusionConfig } from '../config/config.ts';
import { centred } from '../embedding/centring.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { TenkyoError } from '../errors.ts';
import type { SearchQuery } from '../store/records.ts';
import { createBreath } from './breathe.ts';
import { collapseDuplicates } from './collapse-duplicates.ts';
import { type ContextOptions, type PassageContext, passageContext } from './context.ts';
import { type FusedHit, fixedWeights, fuseAdaptively, fuseByRank } from './fuse.ts';
import { type IsHidden, spansWithout } from './hidden.ts';
import { createHitDocuments } from './hit-documents.ts';
import { planSearch, type SearchPlan } from './plan.ts';
import type { KeywordResult, ReadingLookup, ScoredPassage, SearchIndex } from './ports.ts';
import { createHitMaker, type EngineLists } from './present-hit.ts';
import { createReadingFilter, filtersLater } from './reading-filter.ts';
import { createBands } from './relevance.ts';
import type { EngineName, EngineReport, Hit, SearchResult } from './result.ts';
import { type EngineRun, runEngine } from './run-engine.ts';
import { sampleSeed } from './sample-documents.ts';
import { type TracedSpans, traceSpans } from './trace-spans.ts';
import { searchByVector } from './vector-search.ts';

export interface SearchOptions {
  /** Hits in the snapshot. Default 30. */
  readonly limit?: number;
  /** One engine alone; default: all, fused. */
  readonly engine?: EngineName | 'hybrid';
  /** Only these sources; null: all. */
  readonly sources?: readonly string[] | null;
  /** Only documents that say they are in these languages; null: all. */
  readonly languages?: readonly string[] | null;
  /** Only documents that the run read before this iteration; null: all. */
  readonly beforeIteration?: number | null;
  /** Only documents that the run read in this iteration or later; with `beforeIteration` between the two. */
  readonly afterIteration?: number | null;
  /** Only documents that the run read in this phase. */
  readonly phase?: string | null;
  /** Whose message it is; `checkpoint` in iterations trained, null: the whole run. */
  readonly model?: SearchResult['model'];
  /** Documents that no result may show, by their passages. */
  readonly isHidden?: IsHidden;
  readonly signal?: AbortSignal;
}

export interface Search {
  search(query: SearchQuery, options?: SearchOptions): Promise<SearchResult>;
  /** A passage with what stands around it; null: the index has it no more. */
  context(passageId: string, options: ContextOptions): Promise<PassageContext | null>;
}

export interface SearchParts {
  readonly index: SearchIndex;
  /** null: no embedding model is configured. */
  readonly embedder: Embedder | null;
  readonly readings: ReadingLookup;
  readonly clock: Clock;
  /** Of each engine. */
  readonly deadlineMs?: number;
  readonly fusion?: FusionConfig;
  /** Told of an engine or a reading that failed; the result names it either way. */
  readonly onFailure?: (what: EngineName | 'reading' | 'tuning', error: TenkyoError) => void;
}

/** Passages that an engine gives to be fused. */
const candidates = 100;
/** The same where a filter is applied afterwards: most of the hundred may fall to it. */
const filteredCandidates = 400;
/** Passages looked at, at first. */
const leastDepth = 40;
const minimumSpan = 8;
const documentsPerSpan = 10;

/** The one search behind 🔍, the command line and grounding. */
export const createSearch = ({
  index,
  embedder,
  readings,
  clock,
  deadlineMs = 1_500,
  fusion = { method: 'adaptive' },
  onFailure,
}: SearchParts): Search => {
  const ask = async (plan: SearchPlan, asked: SearchOptions) => {
    const { engine = 'hybrid', sources = null, languages = null, signal } = asked;
    const options = { limit: filtersLater(asked) ? filteredCandidates : candidates, sources, languages };
    const wanted = (name: EngineName): boolean => engine === 'hybrid' || engine === name;
    const run = { clock, deadlineMs, signal };
    const noVectors = embedder === null ? 'no_embedding_model' : index.vector === null ? 'no_vectors' : null;
    const tasks = [
      runEngine<TracedSpans>(
        {
          engine: 'exact',
          off: wanted('exact') ? null : 'not_asked',
          hits: ({ hits }) => hits.length,
          ask: (stop) => {
            const trace = {
              minimum: minimumSpan,
              documents: documentsPerSpan,
              seed: sampleSeed,
              sources,
              languages,
              signal: stop,
            };
            return traceSpans(plan.text, index, trace);
          },
        },
        run,
      ),
      runEngine<KeywordResult>(
        {
          engine: 'keyword',
          off: wanted('keyword') ? null : 'not_asked',
          hits: ({ hits }) => hits.length,
          ask: (stop) => index.keyword.search(plan.keyword, { ...options, signal: stop }),
        },
        run,
      ),
      runEngine<ScoredPassage[]>(
        {
          engine: 'vector',
          off: wanted('vector') ? noVectors : 'not_asked',
          hits: ({ length }) => length,
          ask: (stop) => {
            const parts = {
              embedder: index.means ? centred(embedder!, index.means) : embedder!,
              vector: index.vector!,
            };
            return searchByVector(plan.vector, parts, { ...options, signal: stop });
          },
        },
        run,
      ),
    ] as const;
    const [exact, keyword, vector] = await Promise.all(tasks);
    for (const { error, report } of [exact, keyword, vector] as EngineRun<unknown>[]) {
      if (error) onFailure?.(report.engine, error);
    }
    return { exact, keyword, vector };
  };

  const fuse = (plan: SearchPlan, lists: EngineLists, languageOf: (id: string) => string | null): FusedHit[] => {
    const exact = lists.exact?.hits ?? [];
    const vector = lists.vector ?? [];
    if (fusion.method === 'rank') {
      return fuseByRank([
        { engine: 'exact', hits: exact },
        { engine: 'keyword', hits: lists.keyword?.hits ?? [] },
        { engine: 'vector', hits: vector },
      ]);
    }
    return fuseAdaptively(
      { exact, keyword: lists.keyword, vector, language: plan.language, languageOf },
      fusion.method === 'fixed' ? fixedWeights(fusion.vector) : fusion,
    );
  };

  return {
    context: (passageId, options) => passageContext(index.documents, passageId, options),

    search: async (query, options = {}) => {
      const { limit = 30, model = null, isHidden = () => false, signal } = options;
      const began = clock.now();
      const breath = createBreath({ clock, signal });
      const plan = planSearch(query);
      const { exact, keyword, vector } = await ask(plan, options);
      const lists: EngineLists = { exact: exact.value, keyword: keyword.value, vector: vector.value };
      const documents = createHitDocuments(index.documents);
      const languageOf = await documents.languagesOf([
        lists.exact?.hits ?? [],
        lists.keyword?.hits ?? [],
        lists.vector ?? [],
      ]);
      const { languages = null } = options;
      const fused = fuse(plan, lists, languageOf).filter(({ passageId }) => {
        if (isHidden(passageId)) return false;
        const lang = languageOf(passageId);
        return languages === null || (lang !== null && languages.includes(lang));
      });
      await breath.take();
      const bandOf = createBands(index.facts.calibration, lists);
      const isForeign = (lang: string | null): boolean =>
        lang !== null && plan.language !== null && lang !== plan.language;
      const make = createHitMaker({
        lists,
        passages: documents.passages,
        readings,
        checkpoint: model?.checkpoint ?? null,
        kinds: index.facts.kinds,
        band: (id) => bandOf(id, isForeign(languageOf(id))),
        onFailure,
      });
      const wasRead = createReadingFilter(readings, options);
      const hits: Hit[] = [];
      // Looking up and comparing passages takes longer than finding them: most of those found are never shown.
      for (let depth = Math.max(leastDepth, 2 * limit); ; depth *= 4) {
        const looked = await documents.present(fused.slice(0, depth));
        hits.length = 0;
        for (const entry of collapseDuplicates(looked, documents.passages)) {
          if (hits.length >= limit) break;
          const hit = await make(entry, hits.length + 1);
          if (await wasRead(hit, documents.passages.get(hit.passageId)!)) hits.push(hit);
          if (breath.due()) await breath.take();
        }
        if (hits.length >= limit || depth >= fused.length) break;
      }
      const { corpus, fingerprint, builtAt, documents: documentCount, passages } = index.facts;
      const engines: EngineReport[] = [exact.report, keyword.report, vector.report];
      return {
        version: 1,
        corpus,
        index: { fingerprint, builtAt, documents: documentCount, passages },
        run: readings.run,
        model,
        text: plan.text,
        spans: spansWithout(lists.exact?.matches ?? [], isHidden),
        minimumSpan,
        hits,
        engines: engines.filter(({ reason }) => reason !== 'not_asked'),
        tookMs: clock.now() - began,
      };
    },
  };
};
