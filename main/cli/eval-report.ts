import {
  bootstrapInterval,
  type Interval,
  quantile,
  retrievalScores,
  scoresOfQuery,
} from '../../src/search/retrieval-metrics.ts';
import type { JudgedQuery } from './judged-set.ts';

/** `reranked`: the fused list after the configured reranker. */
export type JudgedEngine = 'keyword' | 'vector' | 'exact' | 'fused' | 'reranked';

/** What one engine gave for one query. */
interface EngineAnswer {
  readonly found: readonly string[];
  readonly ms: number;
}

export interface QueryAnswers {
  readonly query: JudgedQuery;
  readonly engines: Readonly<Partial<Record<JudgedEngine, EngineAnswer>>>;
}

interface EngineScores {
  readonly ndcg10: number;
  readonly r1: number;
  readonly r10: number;
  readonly mrr: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly queries: number;
}

type ByEngine<T> = Partial<Record<JudgedEngine, T>>;

/** Bootstrap intervals (95 %) of nDCG@10. */
interface Intervals {
  readonly ndcg10: ByEngine<Interval>;
  /** Fused less the best single engine, query by query; null: there is only one. */
  readonly fusedLessBest: (Interval & { best: JudgedEngine }) | null;
  /** Reranked less fused, query by query; null: no reranker is configured. */
  readonly rerankedLessFused: Interval | null;
}

export interface RetrievalReport {
  readonly engines: ByEngine<EngineScores>;
  readonly kinds: Readonly<Record<string, ByEngine<EngineScores>>>;
  readonly intervals: { readonly all: Intervals; readonly kinds: Readonly<Record<string, Intervals>> };
}

const single: ReadonlySet<JudgedEngine> = new Set(['keyword', 'vector', 'exact']);
const engineNames: readonly JudgedEngine[] = [...single, 'fused', 'reranked'];

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
const roundedInterval = ({ mean, low, high }: Interval): Interval => ({
  mean: rounded(mean),
  low: rounded(low),
  high: rounded(high),
});

const present = (answers: readonly QueryAnswers[]): JudgedEngine[] =>
  engineNames.filter((name) => answers.some(({ engines }) => engines[name]));

const judge = (answers: readonly QueryAnswers[], engine: JudgedEngine) =>
  answers.map(({ query, engines }) => ({ found: engines[engine]?.found ?? [], relevant: query.relevant }));

const byEngine = <T>(answers: readonly QueryAnswers[], of: (engine: JudgedEngine) => T): ByEngine<T> =>
  Object.fromEntries(present(answers).map((engine) => [engine, of(engine)]));

const scoresOf = (answers: readonly QueryAnswers[]): ByEngine<EngineScores> =>
  byEngine(answers, (engine) => {
    const { queries, ...means } = retrievalScores(judge(answers, engine));
    const times = answers.map(({ engines }) => engines[engine]?.ms ?? 0);
    const { ndcg10, r1, r10, mrr } = means;
    return {
      ndcg10: rounded(ndcg10),
      r1: rounded(r1),
      r10: rounded(r10),
      mrr: rounded(mrr),
      p50Ms: rounded(quantile(times, 0.5)),
      p95Ms: rounded(quantile(times, 0.95)),
      queries,
    };
  });

const intervalsOf = (answers: readonly QueryAnswers[]): Intervals => {
  const values = byEngine(answers, (engine) => judge(answers, engine).map((one) => scoresOfQuery(one).ndcg10));
  const intervals = byEngine(answers, (engine) => bootstrapInterval(values[engine] ?? []));
  const [best] = present(answers)
    .filter((engine) => single.has(engine))
    .toSorted((a, b) => (intervals[b]?.mean ?? 0) - (intervals[a]?.mean ?? 0));
  const less = (a: readonly number[] | undefined, b: readonly number[] | undefined): Interval | null =>
    a && b ? roundedInterval(bootstrapInterval(a.map((value, index) => value - b[index]!))) : null;
  const lessBest = best === undefined ? null : less(values.fused, values[best]);
  return {
    ndcg10: byEngine(answers, (engine) => roundedInterval(intervals[engine]!)),
    fusedLessBest: best !== undefined && lessBest ? { best, ...lessBest } : null,
    rerankedLessFused: less(values.reranked, values.fused),
  };
};

/** Scores by engine, over all queries and by kind; intervals come from one seed. */
export const reportRetrieval = (answers: readonly QueryAnswers[]): RetrievalReport => {
  const kinds = [...new Set(answers.map(({ query }) => query.kind))];
  const some = (kind: string) => answers.filter(({ query }) => query.kind === kind);
  const perKind = <T>(of: (answers: readonly QueryAnswers[]) => T): Record<string, T> =>
    Object.fromEntries(kinds.map((kind) => [kind, of(some(kind))]));
  return {
    engines: scoresOf(answers),
    kinds: perKind(scoresOf),
    intervals: { all: intervalsOf(answers), kinds: perKind(intervalsOf) },
  };
};

const three = (value: number): string => value.toFixed(3);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

const difference = ({ mean, low, high }: Interval, from: JudgedEngine): string =>
  `${signed(mean)} (${signed(low)} … ${signed(high)}) ${from}`;

/** The report as rows of a table: one a kind and engine, the header first. */
export const reportRows = ({ engines, kinds, intervals }: RetrievalReport): string[][] => {
  const parts: [string, ByEngine<EngineScores>, Intervals][] = [
    ['all', engines, intervals.all],
    ...(Object.keys(kinds).length > 1
      ? Object.entries(kinds).map(([kind, scores]): [string, ByEngine<EngineScores>, Intervals] => [
          kind,
          scores,
          intervals.kinds[kind]!,
        ])
      : []),
  ];
  return [
    ['Queries', 'Engine', 'nDCG@10', '95 %', 'R@1', 'R@10', 'MRR', 'p50 ms', 'p95 ms', 'less the best engine'],
    ...parts.flatMap(([kind, scores, { ndcg10, fusedLessBest, rerankedLessFused }]) =>
      engineNames.flatMap((engine) => {
        const one = scores[engine];
        const interval = ndcg10[engine];
        if (!one || !interval) return [];
        const less = {
          fused: fusedLessBest && difference(fusedLessBest, fusedLessBest.best),
          reranked: rerankedLessFused && difference(rerankedLessFused, 'fused'),
        };
        return [
          [
            `${kind} ${one.queries}`,
            engine,
            three(one.ndcg10),
            `${three(interval.low)}–${three(interval.high)}`,
            three(one.r1),
            three(one.r10),
            three(one.mrr),
            one.p50Ms.toFixed(1),
            one.p95Ms.toFixed(1),
            (engine === 'fused' || engine === 'reranked' ? less[engine] : null) ?? '',
          ],
        ];
      }),
    ),
  ];
};
