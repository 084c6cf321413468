import type { Reading } from '../../search/result.ts';

/** How a model is held to its sources: it writes with [n], or sentences of the passages are quoted. */
export type GroundingMode = 'generative' | 'extractive';

/** A passage that an answer may rest on, under the number that the answer cites it by. */
export interface GroundingPassage {
  /** From 1. */
  readonly number: number;
  readonly passageId: string;
  readonly documentId: string;
  readonly source: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly text: string;
  readonly reading: Reading;
}

/** One [n] in an answer. `supported`: the passage exists, and what the sentence says stands in it. */
interface Citation {
  readonly number: number;
  readonly supported: boolean;
}

/** A sentence of an answer without its [n]. */
export interface CitedSentence {
  readonly text: string;
  readonly citations: readonly Citation[];
}

/** What became of a grounded answer; kept with it. Plain JSON. */
export interface GroundingRecord {
  /** `refused`: no passage was good enough, so nothing was answered. */
  readonly mode: GroundingMode | 'refused';
  readonly corpus: string;
  /** Documents that were searched. */
  readonly documents: number;
  readonly sentences: readonly CitedSentence[];
  /** The passages that accepted citations name, in the order of their numbers. */
  readonly sources: readonly GroundingPassage[];
}
