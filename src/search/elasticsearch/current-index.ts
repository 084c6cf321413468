import type { Clock } from '../../clock.ts';
import { asTenkyoError, type ErrorCode } from '../../errors.ts';
import type { CurrentIndex } from '../embedded/current-index.ts';
import type { SearchIndex } from '../ports.ts';
import type { LazyConnection } from './connect.ts';
import { openElasticsearchIndex, readCurrentBuild } from './open-index.ts';

export interface CurrentElasticsearchOptions {
  readonly connection: Pick<LazyConnection, 'get'>;
  readonly prefix?: string;
  readonly corpus: string;
  readonly clock: Clock;
}

/** A build that became current is seen this much later at most; the one before it is kept until the next. */
const lookAgainMs = 2_000;
/** Longest that a search waits to learn that the server has no index; after that its engines are late by themselves. */
const patienceMs = 1_000;

/** What building the index mends, so that whoever searches is told to wait for it. */
const mendedByBuilding: readonly ErrorCode[] = ['index_missing', 'index_mismatch'];

/** The current build on the server: opened once, looked for again behind the searches. */
export const createLatest = ({
  connection,
  clock,
  ...names
}: CurrentElasticsearchOptions): (() => Promise<SearchIndex>) => {
  let current: SearchIndex | null = null;
  let opening: Promise<SearchIndex> | null = null;
  let lookedAt = 0;

  const open = async (): Promise<SearchIndex> => {
    lookedAt = clock.now();
    current = await openElasticsearchIndex({ ...names, connection: await connection.get() });
    return current;
  };
  const opened = (): Promise<SearchIndex> => {
    opening ??= open().finally(() => {
      opening = null;
    });
    return opening;
  };
  const lookAgain = async (): Promise<void> => {
    lookedAt = clock.now();
    const build = await readCurrentBuild({ ...names, connection: await connection.get() });
    if (build === null) current = null;
    else if (build.fingerprint !== current?.facts.fingerprint || build.at !== current.facts.builtAt) await opened();
  };
  return async () => {
    if (current === null) return opened();
    // What is wrong with the server now is found by the search itself.
    if (clock.now() - lookedAt >= lookAgainMs) lookAgain().catch(() => undefined);
    return current;
  };
};

/**
 * The index on this machine with keywords and stretches looked up on Elasticsearch. Texts and vectors stay here: while
 * the server is down, or slow, its engines are reported and the search answers with what is left.
 */
export const createCurrentElasticsearch = (
  embedded: CurrentIndex,
  options: CurrentElasticsearchOptions,
): CurrentIndex => {
  const latest = createLatest(options);
  const { clock } = options;
  const engines: Pick<SearchIndex, 'keyword' | 'spans'> = {
    keyword: { search: async (...asked) => (await latest()).keyword.search(...asked) },
    spans: {
      maximal: async (...asked) => (await latest()).spans.maximal(...asked),
      occurrences: async (...asked) => (await latest()).spans.occurrences(...asked),
    },
  };

  const checkThere = async (): Promise<void> => {
    const stop = new AbortController();
    const found = latest().then(
      () => undefined,
      (error: unknown) => {
        if (mendedByBuilding.includes(asTenkyoError(error).code)) throw error;
      },
    );
    await Promise.race([found, clock.sleep(patienceMs, stop.signal).catch(() => undefined)]).finally(() => {
      stop.abort();
      found.catch(() => undefined);
    });
  };

  return {
    use: (work) =>
      embedded.use(async (index) => {
        await checkThere();
        return work({ ...index, ...engines });
      }),
    close: () => embedded.close(),
  };
};
