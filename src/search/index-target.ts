import type { DocumentRef } from '../corpus/document.ts';
import type { LanguageMeans } from '../embedding/centring.ts';
import type { Calibration, IndexFacts, SearchIndex, VectorIndex } from './ports.ts';
import type { PreparedDocument } from './prepare-document.ts';

/** What a server refused of what it was given: all counted, the first of them named. */
export interface TargetRejects {
  readonly count: number;
  readonly first: readonly { readonly id: string; readonly reason: string }[];
}

export interface TargetCounts {
  readonly documents: number;
  readonly passages: number;
  readonly rejects: TargetRejects;
}

/** Takes the documents of one build, in order. */
export interface TextWriter {
  /** Where a build that was stopped goes on; null: at the beginning. */
  noted(): Promise<string | null>;
  /**
   * Resolves when there is room for more.
   *
   * @param note where to go on once these documents, and all before them, are written
   */
  write(documents: readonly PreparedDocument[], note: string): Promise<void>;
  /** Resolves when all is written. */
  finish(): Promise<void>;
}

/** A build on a search server. Not finished, it can be gone on with. */
export interface TargetBuild extends TextWriter {
  /** Makes the build, which must be finished, current; in one step for all readers. */
  publish(): Promise<TargetCounts>;
  close(): Promise<void>;
}

/** A search server that holds an index of the same documents. */
export interface IndexTarget {
  /** `elasticsearch` */
  readonly name: string;
  /** What its index is made with: two made alike of the same files are the same. */
  readonly recipe: object;
  /** Whether the corpus's current index there is whole and has this fingerprint. */
  isCurrent(corpus: string, fingerprint: string): Promise<boolean>;
  begin(corpus: string, fingerprint: string, options: { signal?: AbortSignal }): Promise<TargetBuild>;
}

/** A passage of a build, as one of many drawn from it. */
export interface DrawnPassage extends DocumentRef {
  readonly title: string | null;
  readonly text: string;
}

/** The vectors that belong to a build on a server. */
interface TargetVectors {
  /** The embedder's fingerprint. */
  readonly embedder: string;
  /** What was taken from them by language; null: nothing. */
  readonly means: LanguageMeans | null;
  readonly count: number;
}

/** What is known of a build once its texts are there. */
interface TargetAdditions {
  /** null: it has none. */
  readonly vectors: TargetVectors | null;
  readonly calibration: Calibration | null;
  readonly kinds: NonNullable<IndexFacts['kinds']>;
}

/** The build of a corpus that is current on a server. */
export interface CurrentBuild extends TargetAdditions {
  readonly fingerprint: string;
  readonly documents: number;
  readonly passages: number;
  /** The last note of the build. */
  readonly note: string | null;
}

/** A search server that holds all of an index but its vectors: nothing needs to be on this machine. */
export interface TextServer extends IndexTarget {
  /** null: none is current, or it isn't whole. */
  current(corpus: string): Promise<CurrentBuild | null>;
  /** At most `limit` passages of the current build, each of another document, drawn by lot: the same every time. */
  draw(corpus: string, limit: number): Promise<readonly DrawnPassage[]>;
  /** Opens the current build, without vectors. */
  open(corpus: string): Promise<SearchIndex>;
  /** Adds to what the current build says of itself. */
  addTo(corpus: string, additions: TargetAdditions): Promise<void>;
}

/** A passage with its vector. */
export interface VectorPoint {
  readonly passageId: string;
  readonly documentId: string;
  readonly lang: string | null;
  /** L2-normalised. */
  readonly vector: Float32Array;
}

/** Takes the vectors of one build. Everything may be given twice: a killed build goes on by giving it again. */
export interface VectorWriter {
  /** What was noted last; null: nothing. */
  readonly noted: string | null;
  /** Notes how far the build is, once all that was added so far is there. */
  note(note: string, signal?: AbortSignal): Promise<void>;
  add(points: readonly VectorPoint[], signal?: AbortSignal): Promise<void>;
  /**
   * Resolves when all that was given can be found, and is what searches find.
   *
   * @param points in all, those of earlier, killed tries included
   */
  finish(points: number, signal?: AbortSignal): Promise<void>;
}

/** What the vectors of an index are: two made alike are the same. */
interface VectorRecipe {
  readonly corpus: string;
  /** Names the build. */
  readonly fingerprint: string;
  /** The embedder's fingerprint. */
  readonly embedder: string;
}

/** A search server that holds the vectors of the index on this machine. */
export interface VectorTarget {
  /** `qdrant` */
  readonly name: string;
  isCurrent(recipe: VectorRecipe, signal?: AbortSignal): Promise<boolean>;
  begin(recipe: VectorRecipe, size: { dimensions: number; expected: number }): Promise<VectorWriter>;
  /** The vectors of a whole build. @throws TenkyoError `index_missing`, `index_mismatch`, `engine_unavailable` */
  open(recipe: VectorRecipe): Promise<VectorIndex>;
}
