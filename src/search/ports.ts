import type { Document, DocumentRef } from '../corpus/document.ts';
import type { DocumentKind } from '../corpus/part.ts';
import type { LanguageMeans } from '../embedding/centring.ts';
import type { Range } from '../text/graphemes.ts';
import type { Reading } from './result.ts';

/** What every question to an engine may say. */
export interface EngineOptions {
  /** Most hits wanted. */
  readonly limit: number;
  /** Only passages of these sources; null: of all. */
  readonly sources: readonly string[] | null;
  /** Only documents that say they are in these languages; null or left out: all. The search leaves others out anyway. */
  readonly languages?: readonly string[] | null;
  /** Documents that no result may show. The search leaves them out anyway. */
  readonly hidden?: readonly DocumentRef[];
  readonly signal?: AbortSignal;
}

/** A passage that an engine found. */
export interface ScoredPassage {
  readonly passageId: string;
  readonly score: number;
  /** Of its document, null: it says none. Left out: the engine doesn't know, and the document is looked up. */
  readonly lang?: string | null;
}

/** Keyword tokens of a query; one that comes several times weighs as often. */
export interface WeightedToken {
  readonly token: string;
  readonly weight: number;
}

export interface KeywordResult {
  /** By BM25, best first. */
  readonly hits: readonly ScoredPassage[];
  /** The best score ÷ the most that the query's tokens could give, 0…1: how well keywords cover the query. */
  readonly coverage: number;
  /** Tokens of the query that the index holds and that say something: those found everywhere are left out. */
  readonly telling: readonly string[];
}

/** Passages by the words they share with a query; the title of a document belongs to each of its passages. */
export interface KeywordIndex {
  search(tokens: readonly WeightedToken[], options: EngineOptions): Promise<KeywordResult>;
}

/** Passages by the likeness of their vectors. */
export interface VectorIndex {
  /** @param vector L2-normalised; the score is the cosine, best first */
  search(vector: Float32Array, options: EngineOptions): Promise<readonly ScoredPassage[]>;
}

/** One document that holds a stretch, and the first place where, in UTF-16 units of its original text. */
export interface SpanPlace extends DocumentRef {
  readonly start: number;
  readonly end: number;
}

interface SpanOccurrences {
  /** Places in the corpus, overlapping ones included. */
  readonly count: number;
  readonly documentCount: number;
  /** At most the limit; of more documents a sample that the seed decides, the same in every adapter. */
  readonly places: readonly SpanPlace[];
}

/** Which documents count. */
export type DocumentFilter = Pick<EngineOptions, 'sources' | 'languages' | 'hidden'>;

/** Stretches of a text that stand word for word in documents; none runs over a document's end. Texts are folded. */
export interface SpanIndex {
  /**
   * The stretches of at least `minimum` characters that can't be made longer at either end, in order; they may
   * overlap. No end splits a surrogate pair.
   */
  maximal(
    folded: string,
    options: DocumentFilter & Pick<EngineOptions, 'signal'> & { minimum: number },
  ): Promise<readonly Range[]>;
  /** Where a stretch (of at least `minimum` characters) stands. */
  occurrences(folded: string, options: EngineOptions & { seed: number }): Promise<SpanOccurrences>;
}

/** A passage with what is shown of its document. */
export interface StoredPassage extends DocumentRef {
  readonly id: string;
  readonly documentId: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly lang: string | null;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface DocumentStore {
  /** Those there are, in the order asked. */
  passages(ids: readonly string[]): Promise<readonly StoredPassage[]>;
  /** The passages of a document that overlap a range of its text, in order. */
  passagesIn(document: DocumentRef, start: number, end: number): Promise<readonly StoredPassage[]>;
  document(document: DocumentRef): Promise<Document | null>;
  /** Documents with this record id: more than one where sources share ids. */
  byId(id: string): Promise<readonly Document[]>;
}

/** When the run read a document; the provenance of a corpus, as much of it as a result shows. */
export interface ReadingLookup {
  /** The run that iterations speak of; null: none is known. */
  readonly run: { readonly name: string; readonly iterations: number } | null;
  /** @param checkpoint iterations that the model was trained for; null: the whole run */
  readingOf(source: string, sequence: number, checkpoint: number | null): Promise<Reading>;
  /** Phases by name, as ranges of iterations, end exclusive; left out: not known. */
  readonly phases?: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** Whether the run read a document in iterations `from` ≤ i < `to`; null: not known. Left out: by first and last. */
  readBetween?(source: string, sequence: number, from: number, to: number): Promise<boolean | null>;
}

/** An index of one corpus, opened for reading. */
export interface SearchIndex {
  readonly facts: IndexFacts;
  readonly keyword: KeywordIndex;
  /** null: built without vectors. */
  readonly vector: VectorIndex | null;
  /** What was taken from its vectors by language, and is to be taken from a query's; null: nothing. */
  readonly means?: LanguageMeans | null;
  readonly spans: SpanIndex;
  readonly documents: DocumentStore;
  close(): Promise<void>;
}

export interface IndexFacts {
  readonly corpus: string;
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly builtAt: string;
  readonly documents: number;
  readonly passages: number;
  /** What made the vectors; null: none. */
  readonly embedder: string | null;
  /** What the documents of a source were read for; of one that it doesn't name, pre-training. */
  readonly kinds?: Readonly<Record<string, DocumentKind>>;
  /** What the corpus's own sentences score; null or left out: hits get no relevance band. */
  readonly calibration?: Calibration | null;
}

/** Scores that sentences of the corpus reach in other documents than their own, as 21 quantiles in steps of 5 %. */
export interface Calibration {
  /** BM25 as a share of what the query's words could give, 0…1; null: too few sentences to say. */
  readonly keyword: readonly number[] | null;
  /** Cosines; null: no vectors, or too few sentences. */
  readonly vector: readonly number[] | null;
}
