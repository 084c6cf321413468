import type { Clock } from '../../src/clock.ts';
import { asTenkyoError, type ErrorCode } from '../../src/errors.ts';
import { type Feed, indexTopic } from '../../src/feed/feed.ts';

/** What a build of the index mends. */
const mendable: ReadonlySet<ErrorCode> = new Set(['index_missing', 'index_mismatch', 'file_corrupt']);
const pollMs = 500;

export interface AwaitIndexOptions {
  readonly corpus: string;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Longest wait for the index. */
  readonly waitMs: number;
  /** Sees to it that somebody builds the index; asked once. */
  readonly requestIndex: (corpus: string) => Promise<void>;
  readonly onProgress: (progress: { step: string; done: number; total: number }) => Promise<void>;
}

/** Passes on how far the build is, until the signal aborts. */
const relay = async ({ corpus, feed, clock, onProgress }: AwaitIndexOptions, signal: AbortSignal): Promise<void> => {
  let after: string | undefined;
  while (!signal.aborted) {
    for await (const { id, event } of feed.read(indexTopic(corpus), { after, signal })) {
      after = id;
      if (event.type === 'progress') await onProgress(event);
    }
    await clock.sleep(pollMs, signal);
  }
};

/**
 * Does `work`; where it fails for want of a fit index, has the index built, tells how far it is, and tries again until
 * the work is done or the wait is over (then the last error is thrown).
 */
export const awaitIndex = async <T>(work: () => Promise<T>, options: AwaitIndexOptions): Promise<T> => {
  const { corpus, clock, signal, waitMs, requestIndex } = options;
  const began = clock.now();
  const stop = new AbortController();
  let relayed: Promise<void> | null = null;
  try {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const hopeless = !mendable.has(asTenkyoError(error).code) || clock.now() - began >= waitMs;
        if (signal.aborted || hopeless) throw error;
      }
      if (relayed === null) {
        await requestIndex(corpus);
        // The end of the relay is our own stop; anything else costs a status line only.
        relayed = relay(options, AbortSignal.any([signal, stop.signal])).catch(() => undefined);
      }
      await clock.sleep(pollMs, signal);
    }
  } finally {
    stop.abort();
    await relayed;
  }
};
