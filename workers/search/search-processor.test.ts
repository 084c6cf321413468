import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { TenkyoError } from '../../src/errors.ts';
import { type FeedEvent, indexTopic, searchTopic } from '../../src/feed/feed.ts';
import { createMemoryFeed } from '../../src/feed/memory-feed.ts';
import type { JobRun } from '../../src/jobs/jobs.ts';
import type { SearchResult } from '../../src/search/result.ts';
import type { SearchRecord } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { createSearchProcessor, type SearchProcessorOptions } from './search-processor.ts';

const result = { version: 1, hits: [] } as unknown as SearchResult;
const missing = new TenkyoError('index_missing', 'the corpus "demo" has no index yet');

/** One search of a store in memory, with its fence; the store itself has tests of its own. */
const memorySearches = (change: Partial<SearchRecord> = {}) => {
  const query = { text: '地震', question: null, model: null };
  const row = {
    id: 's-1',
    query,
    status: 'queued',
    attempt: 0,
    result: null,
    error: null,
    finishedAt: null,
    ...change,
  } as SearchRecord;
  const state = { row };
  const patch = (attempt: number, fields: Partial<SearchRecord>): boolean => {
    if (state.row.attempt > attempt || state.row.finishedAt !== null) return false;
    state.row = { ...state.row, ...fields, attempt };
    return true;
  };
  const searches = {
    get: async (id: string) => (id === row.id ? state.row : null),
    start: async (_id: string, attempt: number) => patch(attempt, { status: 'running' }),
    finish: async (_id: string, attempt: number, outcome: Partial<SearchRecord>) =>
      patch(attempt, { ...outcome, finishedAt: 1 }),
  };
  return {
    state,
    store: { searches, hidden: { all: async () => [] } } as unknown as Pick<Store, 'searches' | 'hidden'>,
  };
};

const setUp = (options: Partial<SearchProcessorOptions> = {}, change: Partial<SearchRecord> = {}) => {
  const feed = createMemoryFeed({ clock: systemClock });
  const { state, store } = memorySearches(change);
  const process = createSearchProcessor({
    store,
    feed,
    corpusFor: () => 'demo',
    search: async () => result,
    requestIndex: async () => undefined,
    clock: systemClock,
    logger: createLogger({ directory: null, level: 'silent' }),
    ...options,
  });
  const events = async (): Promise<FeedEvent[]> => {
    const seen: FeedEvent[] = [];
    const signal = AbortSignal.timeout(50);
    for await (const { event } of feed.read(searchTopic('s-1'), { signal })) seen.push(event);
    return seen;
  };
  const stop = new AbortController();
  const run = (fields: Partial<JobRun> = {}) =>
    process({ searchId: 's-1', after: 0 }, { attempt: 1, lastAttempt: false, signal: stop.signal, ...fields });
  return { feed, state, run, events, stop };
};

describe('createSearchProcessor', () => {
  it('stores the result before it says finished', async () => {
    const { state, run, events } = setUp();
    await run();
    expect(state.row).toMatchObject({ result, attempt: 1, finishedAt: 1 });
    expect((await events()).map(({ type }) => type)).toEqual(['started', 'finished']);
  });

  it('waits for an index that is being built, passes on how far it is, and searches then', async () => {
    let built = false;
    const asked: string[] = [];
    const { feed, state, run, events } = setUp({
      search: async () => {
        if (!built) throw missing;
        return result;
      },
      requestIndex: async (corpus) => {
        asked.push(corpus);
        await feed.publish(indexTopic(corpus), {
          type: 'progress',
          attempt: 1,
          step: 'index_texts',
          done: 300,
          total: 600,
        });
        built = true;
      },
    });
    await run({ attempt: 2 });
    expect(asked).toEqual(['demo']);
    expect(state.row.result).toBe(result);
    expect(await events()).toEqual([
      { type: 'started', attempt: 2 },
      { type: 'progress', attempt: 2, step: 'index_texts', done: 300, total: 600 },
      { type: 'finished', attempt: 2 },
    ]);
  });

  it('says that there is no index when the wait is over', async () => {
    const { state, run } = setUp({ search: () => Promise.reject(missing), waitMs: 0 });
    await run();
    expect(state.row.error).toEqual({ code: 'index_missing', id: 's-1' });
  });

  it('lets the queue try again what another run may mend, and writes it down the last time', async () => {
    const { state, run } = setUp({ search: () => Promise.reject(new Error('disk asleep')) });
    await expect(run()).rejects.toThrow('disk asleep');
    expect(state.row.finishedAt).toBeNull();
    await run({ attempt: 2, lastAttempt: true });
    expect(state.row.error).toEqual({ code: 'internal', id: 's-1' });
  });

  it('leaves the record open when it is shut down, even while it waits', async () => {
    const { state, run, stop } = setUp({ search: () => Promise.reject(missing) });
    const running = run();
    stop.abort(new TenkyoError('shutdown', 'stopping'));
    await expect(running).rejects.toMatchObject({ code: 'shutdown' });
    expect(state.row).toMatchObject({ status: 'running', finishedAt: null });
  });

  it('writes nothing over a later run’s result, and does no finished search again', async () => {
    const later = setUp({}, { attempt: 5 });
    await later.run({ attempt: 3 });
    expect(later.state.row).toMatchObject({ attempt: 5, result: null });
    const done = setUp({ search: () => Promise.reject(new Error('asked again')) }, { finishedAt: 1, attempt: 1 });
    await done.run({ attempt: 2 });
    expect(await done.events()).toEqual([{ type: 'finished', attempt: 2 }]);
  });
});
