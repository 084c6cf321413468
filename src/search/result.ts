import type { DocumentKind } from '../corpus/part.ts';
import type { ErrorCode } from '../errors.ts';
import type { Reading } from '../provenance/reading.ts';

export type { Reading };

/** The stored snapshot of one search: what the thread, the modals and later clicks show. Plain JSON. */
export interface SearchResult {
  readonly version: 1;
  readonly corpus: string;
  readonly index: { fingerprint: string; builtAt: string; documents: number; passages: number };
  /** The run that iterations speak of; null when the corpus names none. */
  readonly run: { name: string /** Iterations in all; the last index is one less. */; iterations: number } | null;
  /** The model whose message it was; null for a person's. `checkpoint` in iterations trained. */
  readonly model: { name: string; checkpoint: number | null } | null;
  /** The text that was searched for; span offsets count its UTF-16 units. */
  readonly text: string;
  readonly spans: readonly SpanMatch[];
  /** Shortest span looked for, in characters. */
  readonly minimumSpan: number;
  /** Best first, ONE fused list; more than a message shows. */
  readonly hits: readonly Hit[];
  readonly engines: readonly EngineReport[];
  /** What the reranker did; `hits` is how many it put in order. Left out: none is configured, or it was not asked. */
  readonly reranker?: EngineReport<'reranker'>;
  /** What was found in the data the model was tuned on, kept apart; null or left out: the corpus has none. */
  readonly tuning?: Tuning | null;
  /** Why that data was not searched; left out: it was, or there is none. */
  readonly tuningFault?: ErrorCode;
  readonly tookMs: number;
}

type Tuning = Pick<SearchResult, 'index' | 'spans' | 'hits'>;

export type EngineName = 'exact' | 'keyword' | 'vector';

/** @typeParam Name who is spoken of: an engine, or the reranker */
export interface EngineReport<Name extends string = EngineName> {
  readonly engine: Name;
  readonly status: 'ok' | 'failed' | 'late' | 'off';
  readonly tookMs: number;
  readonly hits: number;
  /** Of the keyword engine: the best score ÷ the most that the query's words could give, 0…1; earlier results have none. */
  readonly coverage?: number;
  /** For status `off` or `failed`: why, a code the texts know (`no_embedding_model`, …). */
  readonly reason?: string;
}

/** A stretch of the message that stands word for word in the corpus. */
export interface SpanMatch {
  /** UTF-16 units of the message, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Times it stands in the corpus. */
  readonly count: number;
  /** At most 10, a seeded sample when there are more. */
  readonly documents: readonly { documentId: string; source: string; title: string | null; passageId: string }[];
  /** Documents it stands in, all of them. */
  readonly documentCount: number;
}

export interface Hit {
  /** In the fused list, from 1. */
  readonly rank: number;
  readonly passageId: string;
  readonly documentId: string;
  readonly source: string;
  /** What its document was read for; left out: pre-training. */
  readonly kind?: DocumentKind;
  readonly title: string | null;
  readonly url: string | null;
  readonly lang: string | null;
  /** The passage as it stands in the document. */
  readonly text: string;
  /** Offset of the passage in its document, UTF-16 units. */
  readonly offset: number;
  /** What matched, as [start, end) in `text`; sorted, disjoint. */
  readonly highlights: readonly (readonly [number, number])[];
  /** Strongest first. */
  readonly engines: readonly EngineName[];
  readonly scores: Partial<Record<EngineName, number>>;
  readonly score: number;
  /** What the reranker said of it, by which the first hits are in order; only those of one result can be compared. */
  readonly reranked?: number;
  /** Relevance; null until the corpus has been calibrated. */
  readonly band: 'high' | 'medium' | 'low' | null;
  /** Passages of other documents with the same text but for a few words, that this one stands for. */
  readonly duplicates: number;
  /** Other passages of the document that were found, best first; results of earlier versions have none. */
  readonly others?: readonly { readonly passageId: string /** In the document. */; readonly offset: number }[];
  readonly reading: Reading;
}
