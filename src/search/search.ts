import type { Clock } from '../clock.ts';
import type { FusionConfig } from '../config/config.ts';
import { type DocumentRef, parsePassageId } from '../corpus/document.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { TenkyoError } from '../errors.ts';
import type { SearchQuery } from '../store/records.ts';
import { askEngines, minimumSpan } from './ask-engines.ts';
import { createBreath } from './breathe.ts';
import { createCollapser } from './collapse-duplicates.ts';
import { type ContextOptions, type PassageContext, passageContext } from './context.ts';
import { type FusedHit, fixedWeights, fuseAdaptively, fuseByRank } from './fuse.ts';
import { hides } from './hidden.ts';
import { createHitDocuments } from './hit-documents.ts';
import { createHitReadings } from './hit-readings.ts';
import { planSearch, type SearchPlan } from './plan.ts';
import type { ReadingLookup, SearchIndex, StoredPassage } from './ports.ts';
import { createHitMaker, type EngineLists } from './present-hit.ts';
import { createReadingFilter, filtersLater } from './reading-filter.ts';
import { createBands } from './relevance.ts';
import { type Reranking, rerank } from './rerank.ts';
import type { EngineName, EngineReport, Hit, SearchResult } from './result.ts';

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
  /** Documents that no result may show. */
  readonly hidden?: readonly DocumentRef[];
  readonly signal?: AbortSignal;
}

export interface Search {
  search(query: SearchQuery, options?: SearchOptions): Promise<SearchResult>;
  /** A passage with what stands around it; null: the index has it no more, or its document is hidden. */
  context(
    passageId: string,
    options: ContextOptions & { readonly hidden?: readonly DocumentRef[] },
  ): Promise<PassageContext | null>;
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
  /** Puts the first of the fused list into a better order; null or left out: it stays as it is. */
  readonly reranking?: Reranking | null;
  /** Told of an engine or a reading that failed; the result names it either way. */
  readonly onFailure?: (what: EngineName | 'reranker' | 'reading' | 'tuning', error: TenkyoError) => void;
}

/** Passages that an engine gives to be fused. */
const candidates = 100;
/** The same where a filter is applied afterwards: most of the hundred may fall to it. */
const filteredCandidates = 400;
/** Passages looked at, at first. */
const leastDepth = 40;
/** Hits that are looked up and compared in one slice. */
const sliceOfHits = 8;

/** The one search behind 🔍, the command line and grounding. */
export const createSearch = ({
  index,
  embedder,
  readings,
  clock,
  deadlineMs = 1_500,
  fusion = { method: 'adaptive' },
  reranking = null,
  onFailure,
}: SearchParts): Search => {
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
    context: async (passageId, options) => {
      const named = parsePassageId(passageId);
      return named && !hides(options.hidden)(named) ? passageContext(index.documents, passageId, options) : null;
    },

    search: async (query, options = {}) => {
      const { limit = 30, model = null, sources = null, languages = null, hidden = [], signal } = options;
      const began = clock.now();
      const breath = createBreath({ clock, signal });
      const plan = planSearch(query);
      const { exact, keyword, vector } = await askEngines(plan, {
        index,
        embedder,
        engine: options.engine ?? 'hybrid',
        options: { limit: filtersLater(options) ? filteredCandidates : candidates, sources, languages, hidden },
        limits: { clock, deadlineMs, signal },
      });
      for (const { error, report } of [exact, keyword, vector]) if (error) onFailure?.(report.engine, error);
      const lists: EngineLists = { exact: exact.value, keyword: keyword.value, vector: vector.value };
      const documents = createHitDocuments(index.documents, lists.exact?.passages ?? new Map());
      const languageOf = await documents.languagesOf([
        lists.exact?.hits ?? [],
        lists.keyword?.hits ?? [],
        lists.vector ?? [],
      ]);
      const fused = fuse(plan, lists, languageOf);
      await breath.take();

      const passageOf = (id: string): StoredPassage => documents.passages.get(id)!;
      const readingOf = createHitReadings({ readings, checkpoint: model?.checkpoint ?? null, onFailure });
      const wasRead = createReadingFilter(readings, options);
      const isHidden = hides(hidden);
      const isWanted = async ({ passageId }: FusedHit): Promise<boolean> => {
        const passage = passageOf(passageId);
        const { lang } = passage;
        if (isHidden(passage) || (languages !== null && (lang === null || !languages.includes(lang)))) return false;
        return wasRead === null || wasRead(await readingOf(passage), passage);
      };
      const wantedOf = async (some: readonly FusedHit[]): Promise<FusedHit[]> => {
        const wanted: FusedHit[] = [];
        for (const hit of await documents.present(some)) if (await isWanted(hit)) wanted.push(hit);
        return wanted;
      };
      // An engine that is asked alone is to be seen as it is.
      const reranked =
        reranking && (options.engine ?? 'hybrid') === 'hybrid'
          ? await rerank(fused, { reranking, plan, wantedOf, passageOf, clock, signal })
          : null;
      if (reranked?.error) onFailure?.('reranker', reranked.error);
      const ordered = reranked?.hits ?? fused;
      const collapser = createCollapser(documents.passages);
      // Looking up and comparing passages takes longer than finding them: most of those found are never shown.
      for (let at = 0, depth = Math.max(leastDepth, limit); at < ordered.length; at += sliceOfHits) {
        if (at >= depth) {
          if (collapser.kept.length >= limit) break;
          depth *= 4;
        }
        collapser.add(await wantedOf(ordered.slice(at, at + sliceOfHits)));
        if (breath.due()) await breath.take();
      }

      const bandOf = createBands(index.facts.calibration, lists);
      const isForeign = (lang: string | null): boolean =>
        lang !== null && plan.language !== null && lang !== plan.language;
      const make = createHitMaker({
        lists,
        kinds: index.facts.kinds,
        band: (id) => bandOf(id, isForeign(languageOf(id))),
      });
      const hits: Hit[] = [];
      for (const entry of collapser.kept.slice(0, limit)) {
        const passage = passageOf(entry.passageId);
        hits.push(make(entry, { passage, reading: await readingOf(passage), rank: hits.length + 1 }));
        if (breath.due()) await breath.take();
      }
      const { corpus, fingerprint, builtAt, documents: documentCount, passages } = index.facts;
      const covered = keyword.value ? { ...keyword.report, coverage: keyword.value.coverage } : keyword.report;
      const engines: EngineReport[] = [exact.report, covered, vector.report];
      return {
        version: 1,
        corpus,
        index: { fingerprint, builtAt, documents: documentCount, passages },
        run: readings.run,
        model,
        text: plan.text,
        spans: lists.exact?.matches ?? [],
        minimumSpan,
        hits,
        engines: engines.filter(({ reason }) => reason !== 'not_asked'),
        ...(reranked?.report && { reranker: reranked.report }),
        tookMs: clock.now() - began,
      };
    },
  };
};
