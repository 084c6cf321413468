import type { ReadingSummary } from './occurrence.ts';

/** When a run read a document. Iterations are 0-based; unknown is never 0. */
export type Reading =
  /** `phase`: known to have been read in it, in an order that was not recorded. */
  | { readonly state: 'unknown'; readonly phase?: string }
  /** In the data, but never drawn. */
  | { readonly state: 'not_read'; readonly run: string; readonly lastIndex: number }
  | {
      readonly state: 'read';
      readonly run: string;
      /** The most recent reading before the model's checkpoint; null when all came after it. */
      readonly shown: number | null;
      readonly first: number;
      readonly last: number;
      /** Passes over the document, not iterations. */
      readonly timesRead: number;
      /** The run's last iteration index: the denominator people see. */
      readonly lastIndex: number;
    };

/** The greatest of ascending `iterations` that is less than `checkpoint`; null when none is. */
const lastBefore = (iterations: ArrayLike<number>, checkpoint: number): number | null => {
  let low = 0;
  let high = iterations.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (iterations[middle]! < checkpoint) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : iterations[low - 1]!;
};

/**
 * What people see of a summary.
 *
 * @param checkpoint iterations the model was trained for (it has read iterations 0 … checkpoint − 1);
 *   null: the whole run
 */
export const readingOf = (summary: ReadingSummary, checkpoint: number | null): Reading => {
  if (summary.state === 'unknown') return summary;
  const { run, lastIndex } = summary;
  if (summary.state === 'not_read') return { state: 'not_read', run, lastIndex };
  const { iterations, first, last, timesRead } = summary;
  return {
    state: 'read',
    run,
    shown: checkpoint === null ? last : lastBefore(iterations, checkpoint),
    first,
    last,
    timesRead,
    lastIndex,
  };
};
