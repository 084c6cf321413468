import type { DocumentRef } from '../corpus/document.ts';

/**
 * One time a document was read: one sample that holds at least one of its tokens. Where Megatron's stream holds the
 * document twice in one sample (two passes that touch), that is two occurrences.
 */
export interface Occurrence {
  readonly run: string;
  readonly phase: string;
  /** Samples read before this one, in the whole run. */
  readonly position: number;
  /** The same, within the phase. */
  readonly phasePosition: number;
  /** In the whole run, 0-based. */
  readonly iteration: number;
  /**
   * The stretch of the phase's token stream, one data set's size each, that holds it; from 0. Where Megatron shuffles
   * epochs together a document may stand twice in one and not at all in the next.
   */
  readonly epoch: number;
  /** Tokens of the document that the sample took as input, end exclusive; of a label-only one, the label. */
  readonly tokenStart: number;
  readonly tokenEnd: number;
  /** Its only token in the sample was the last one, which the model predicts but never sees: counts nowhere. */
  readonly labelOnly: boolean;
  /** The iteration's batch was loaded and thrown away (`--iterations-to-skip`): counts nowhere. */
  readonly skipped: boolean;
}

/** When a document was read, label-only and skipped occurrences left out. */
export type ReadingSummary =
  /** The run knows no such document; or one of a `phase` whose order was not recorded. */
  | { readonly state: 'unknown'; readonly phase?: string }
  /** In the run's data, but in no sample that was drawn. */
  | { readonly state: 'not_read'; readonly run: string; readonly lastIndex: number }
  | {
      readonly state: 'read';
      readonly run: string;
      /** Ascending, each once. */
      readonly iterations: readonly number[];
      readonly first: number;
      readonly last: number;
      /** Passes over the document: entries of Megatron's document_index, not iterations. */
      readonly timesRead: number;
      readonly lastIndex: number;
    };

/** A document's part of a sample; the fields as in `Occurrence`. */
export interface SamplePart {
  readonly sequence: number;
  readonly epoch: number;
  readonly tokenStart: number;
  readonly tokenEnd: number;
  readonly labelOnly: boolean;
}

/** What one sample holds, in the order of its tokens. */
export interface Sample {
  readonly position: number;
  readonly phasePosition: number;
  readonly source: string;
  readonly parts: readonly SamplePart[];
}

export interface Batch {
  readonly run: string;
  readonly phase: string;
  readonly iteration: number;
  /** Loaded and thrown away, not trained on. */
  readonly skipped: boolean;
  /** In reading order. */
  readonly samples: readonly Sample[];
}

/** Which iterations read a document, and what an iteration read: of one run. */
export interface OccurrenceStore {
  /**
   * By position, label-only and skipped ones included. Of a phase whose order was not recorded there are none to tell.
   *
   * @throws TenkyoError `not_found` when the run has no such source or sequence
   */
  occurrences(document: DocumentRef): Promise<readonly Occurrence[]>;
  /** One for each document, in the order asked. */
  summaries(documents: readonly DocumentRef[]): Promise<readonly ReadingSummary[]>;
  /** @throws TenkyoError `not_found` when the run has no such iteration */
  batch(iteration: number): Promise<Batch>;
}
