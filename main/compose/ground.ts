import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import type { Reranking } from '../../src/search/rerank.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import type { Closing } from './closing.ts';
import type { DataPaths } from './data-directory.ts';
import { openOperations } from './open-operations.ts';
import { type OpenRuns, openRuns } from './open-runs.ts';
import { type OpenSearch, openSearch } from './open-search.ts';
import { openRecords, type Records, type RecordsOptions } from './records.ts';

/** What every role of the product gets. */
export interface RoleOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes what the role opens, to be closed in the opposite order. */
  readonly closing: Closing;
  /** Something that works, and that the person who runs it should know. */
  readonly onWarning: (line: string) => void;
}

/** The runs and the search over the corpora, as bots (context, readings) and workers (🔍) need them. */
export interface Ground {
  readonly runs: OpenRuns;
  readonly search: OpenSearch;
}

/**
 * @param embedder null: vector search is off, or this process searches nothing
 * @param reranking null: hits stay as they are fused, or this process searches nothing
 */
export const openGround = async (
  { config, clock, logger, closing }: RoleOptions,
  { embedder, reranking }: { embedder: Embedder | null; reranking: Reranking | null },
): Promise<Ground> => {
  const runs = await openRuns(config, (line) => logger.info(line));
  closing.add('runs', () => runs.close());
  const search = openSearch({
    config,
    runs,
    embedder,
    reranking,
    clock,
    onFailure: (what, error) => logger.warn({ engine: what, code: error.code, err: error }, 'search engine failed'),
  });
  closing.add('search', () => search.close());
  return { runs, search };
};

/** Records, queues and feed; closed with the rest. */
export const openRoleRecords = async (
  { config, paths, clock, logger, closing, onWarning }: RoleOptions,
  lock?: RecordsOptions['lock'],
): Promise<Records> => {
  const records = await openRecords({ directory: paths.database, lock, config, clock, logger, onWarning });
  closing.add('records', () => records.close());
  return records;
};

/** The operator's port and the numbers it shows. `stop` turns the process unready: it goes first when the process ends. */
export const openRoleOperations = async (
  { config, clock, logger, closing }: RoleOptions,
  records: Records,
): Promise<{ readonly meters: Metrics; stop(): void }> => {
  const meters = createMetrics();
  const { stop } = await openOperations({ config, records, metrics: meters, clock, logger, closing });
  return { meters, stop };
};
