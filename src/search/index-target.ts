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
