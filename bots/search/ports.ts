/** How much of a document is shown: characters either side of the passage, or all of it. */
export type ContextRange = 100 | 250 | 'document';

/** Where a passage stands in its document. */
export interface PassageContext {
  /** null: the passage is not in the corpus's index any more. */
  context(
    passageId: string,
    options: {
      readonly corpus: string;
      readonly characters: ContextRange;
      /** Texts of the message that stand word for word in the corpus: found wherever they stand in what is shown. */
      readonly spans: readonly string[];
    },
  ): Promise<PassageSurroundings | null>;
}

/** All offsets in UTF-16 units; cuts stand between graphemes. */
export interface PassageSurroundings {
  /** The part of the document asked for. */
  readonly text: string;
  /** Where that part begins in the document. */
  readonly offset: number;
  /** The passage in `text`, end exclusive. */
  readonly passage: readonly [start: number, end: number];
  /** The spans in `text`; sorted, disjoint. */
  readonly spans: readonly (readonly [start: number, end: number])[];
  /** Length of the whole document. */
  readonly documentLength: number;
}

/** Every time a run read a document. */
export interface ReadingHistory {
  /** null: no run is known, or it has no such document. */
  history(document: { readonly run: string; readonly passageId: string }): Promise<DocumentReadings | null>;
}

export interface DocumentReadings {
  readonly run: string;
  /** The run's last iteration index. */
  readonly lastIndex: number;
  /** Passes over the document. */
  readonly timesRead: number;
  /** Ascending, each once; empty: in the data, but never read. */
  readonly iterations: readonly number[];
  /** In the order trained; iterations of the whole run, both inclusive. */
  readonly phases: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}
