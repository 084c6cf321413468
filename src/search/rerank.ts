import type { Clock } from '../clock.ts';
import type { TenkyoError } from '../errors.ts';
import type { FusedHit } from './fuse.ts';
import type { SearchPlan } from './plan.ts';
import type { StoredPassage } from './ports.ts';
import type { Reranker } from './reranker.ts';
import type { EngineReport } from './result.ts';
import { runEngine } from './run-engine.ts';

export interface Reranking {
  readonly reranker: Reranker;
  /** Hits of the fused list that are put in order; those behind them stay where they are. */
  readonly top: number;
  readonly deadlineMs: number;
}

/** Hits that are looked up at a time, until there are as many as are wanted. */
const sliceOfHits = 16;

/** One text for all that the vector search is asked: the question first where it is known, as it says what is meant. */
const queryOf = ({ vector }: SearchPlan): string => {
  const texts = new Map(vector.flat().map(({ text, weight }) => [text, weight]));
  return [...texts.keys()].toSorted((a, b) => texts.get(a)! - texts.get(b)!).join('\n');
};

/** The title belongs to a passage here as it does to its vector. */
const textOf = ({ title, text }: StoredPassage): string => (title === null ? text : `${title}\n${text}`);

/**
 * Puts the first hits of the fused list in the order that a reranker gives them. Whatever becomes of it (late, failed)
 * is a report, never an error: the fused order then stays. Only the caller's own abort is thrown.
 *
 * @param wantedOf looks hits up, and leaves out those that no result may show: a reranker has no time for them
 */
export const rerank = async (
  fused: readonly FusedHit[],
  {
    reranking: { reranker, top, deadlineMs },
    plan,
    wantedOf,
    passageOf,
    clock,
    signal,
  }: {
    reranking: Reranking;
    plan: SearchPlan;
    wantedOf: (hits: readonly FusedHit[]) => Promise<readonly FusedHit[]>;
    passageOf: (id: string) => StoredPassage;
    clock: Clock;
    signal: AbortSignal | undefined;
  },
): Promise<{
  readonly hits: readonly FusedHit[];
  /** null: there was nothing to put in order. */
  readonly report: EngineReport<'reranker'> | null;
  readonly error: TenkyoError | null;
}> => {
  const query = queryOf(plan);
  const first: FusedHit[] = [];
  for (let at = 0; at < fused.length && first.length < top; at += sliceOfHits) {
    first.push(...(await wantedOf(fused.slice(at, at + sliceOfHits))));
  }
  first.splice(top);
  if (query === '' || first.length < 2) return { hits: fused, report: null, error: null };
  const { value, report, error } = await runEngine<FusedHit[], 'reranker'>(
    {
      engine: 'reranker',
      off: null,
      hits: ({ length }) => length,
      ask: async (stop) => {
        const passages = first.map(({ passageId }) => textOf(passageOf(passageId)));
        const scores = await reranker.score(query, passages, { signal: stop });
        return first
          .map((hit, index) => ({ ...hit, reranked: scores[index]! }))
          .toSorted((a, b) => b.reranked - a.reranked);
      },
    },
    { clock, deadlineMs, signal },
  );
  if (value === null) return { hits: fused, report, error };
  const moved = new Set(value.map(({ passageId }) => passageId));
  return { hits: [...value, ...fused.filter(({ passageId }) => !moved.has(passageId))], report, error };
};
