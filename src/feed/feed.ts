/**
 * Live events of one job. A hint for speed, never the record: whoever reads it must be able to finish from the
 * store alone. Events of an attempt carry it, so that a reader drops those of an older one.
 */
export interface Feed {
  /** Adds an event, unless a later attempt has begun to publish and has not finished. */
  publish(topic: string, event: FeedEvent): Promise<void>;
  /**
   * Events in order, first those kept from before (after `after`, when given), then as they come; ends when the
   * signal aborts or after an event `finished`.
   */
  read(
    topic: string,
    options: { after?: string; signal: AbortSignal },
  ): AsyncIterable<{ id: string; event: FeedEvent }>;
  close(): Promise<void>;
}

export type FeedEvent =
  | { readonly type: 'started'; readonly attempt: number }
  /** Text added; `seq` counts the text events of the attempt from 1. */
  | { readonly type: 'text'; readonly attempt: number; readonly seq: number; readonly text: string }
  /** A step of work that takes long, for a status line: a key of the texts and its numbers. */
  | {
      readonly type: 'progress';
      readonly attempt: number;
      readonly step: string;
      readonly done: number;
      readonly total: number;
    }
  /** The record in the store is final. */
  | { readonly type: 'finished'; readonly attempt: number };

export const answerTopic = (answerId: string): string => `answer-${answerId}`;
export const searchTopic = (searchId: string): string => `search-${searchId}`;
export const comparisonTopic = (comparisonId: string): string => `comparison-${comparisonId}`;
export const indexTopic = (corpus: string): string => `index-${corpus}`;
