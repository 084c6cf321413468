import type { Clock } from '../../src/clock.ts';
import type { DocumentRef } from '../../src/corpus/document.ts';
import { asTenkyoError } from '../../src/errors.ts';
import { type Feed, searchTopic } from '../../src/feed/feed.ts';
import type { JobRun } from '../../src/jobs/jobs.ts';
import type { SearchPayload } from '../../src/jobs/queues.ts';
import type { SearchResult } from '../../src/search/result.ts';
import { failureId } from '../../src/store/failure-id.ts';
import type { FailureRecord, SearchQuery } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { awaitIndex } from './await-index.ts';

export interface SearchProcessorOptions {
  readonly store: Pick<Store, 'searches' | 'hidden'>;
  readonly feed: Feed;
  /** The corpus that a query is about. */
  readonly corpusFor: (query: SearchQuery) => string;
  /** Throws `index_missing` and the like while the corpus has no fit index. */
  readonly search: (
    corpus: string,
    query: SearchQuery,
    options: { signal: AbortSignal; hidden: readonly DocumentRef[] },
  ) => Promise<SearchResult>;
  /** Sees to it that somebody builds the index of a corpus. */
  readonly requestIndex: (corpus: string) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest wait for an index that is being built. Default 10 minutes. */
  readonly waitMs?: number;
}

/**
 * Does one search and stores its result, then says `finished`. Every write to the record is fenced by the run's
 * attempt. While the index is being built the search waits and passes on how far it is.
 *
 * Throws what the queue should act on: an error that another run may mend, `shutdown` and `lock_lost` (the record
 * stays running, another run goes on). Everything else ends in the record.
 */
export const createSearchProcessor = ({
  store,
  feed,
  corpusFor,
  search,
  requestIndex,
  clock,
  logger,
  waitMs = 600_000,
}: SearchProcessorOptions) => {
  return async ({ searchId }: SearchPayload, { attempt, lastAttempt, signal }: JobRun): Promise<void> => {
    const topic = searchTopic(searchId);
    const record = await store.searches.get(searchId);
    if (!record) return logger.error({ searchId }, 'no such search');
    if (record.finishedAt !== null) {
      // The run before this one died between writing the record and ending its job.
      return feed.publish(topic, { type: 'finished', attempt: Math.max(attempt, record.attempt) });
    }
    if (!(await store.searches.start(searchId, attempt))) {
      return logger.warn({ searchId, attempt }, 'a later run has begun; this one stops');
    }
    await feed.publish(topic, { type: 'started', attempt });

    const end = async (outcome: { result: SearchResult } | { error: FailureRecord }): Promise<void> => {
      if (await store.searches.finish(searchId, attempt, outcome)) {
        logger.info({ id: searchId, attempt, failed: 'error' in outcome }, 'search written');
        await feed.publish(topic, { type: 'finished', attempt });
      } else logger.warn({ searchId, attempt }, 'a later run has begun; this result is dropped');
    };
    try {
      const corpus = corpusFor(record.query);
      const find = async (): Promise<SearchResult> => {
        const hidden = await store.hidden.all(record.team, corpus);
        return search(corpus, record.query, { signal, hidden });
      };
      const result = await awaitIndex(find, {
        corpus,
        feed,
        clock,
        signal,
        waitMs,
        requestIndex,
        onProgress: ({ step, done, total }) => feed.publish(topic, { type: 'progress', attempt, step, done, total }),
      });
      await end({ result });
    } catch (error) {
      const { code } = signal.aborted ? asTenkyoError(signal.reason) : asTenkyoError(error);
      if (signal.aborted && code !== 'cancelled') throw signal.reason;
      if (!lastAttempt && code === 'internal') throw error;
      const failure = { code, id: failureId(searchId) };
      logger.error({ searchId, attempt, failure: failure.id, code, err: error }, 'search failed');
      await end({ error: failure });
    }
  };
};
