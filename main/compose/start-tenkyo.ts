import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { FeedEvent } from '../../src/feed/feed.ts';
import { createSweeper } from '../../src/jobs/sweeper.ts';
import { lockDirectory } from '../../src/store/pglite/directory-lock.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createClosing } from './closing.ts';
import type { DataPaths } from './data-directory.ts';
import { openIntake } from './open-intake.ts';
import { openOperations } from './open-operations.ts';
import { openRuns } from './open-runs.ts';
import { openSearch } from './open-search.ts';
import { openTargets } from './open-targets.ts';
import { openRecords } from './records.ts';
import type { Serving } from './serving.ts';
import { startBots } from './start-bots.ts';
import { createAppDelivery } from './start-delivery.ts';
import { startWorkers } from './start-workers.ts';
import { createStatus } from './status.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export interface StartOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  /** Already loading. Closed with the rest. */
  readonly serving: Serving;
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A step of the start, for the terminal. */
  readonly onStep: (step: 'workspace' | 'records' | 'models' | 'apps') => void;
  readonly onIndexing: (corpus: string, event: FeedEvent) => void;
}

export interface RunningTenkyo {
  readonly workspace: Pick<Workspace, 'local'>;
  /** Stops intake, lets go of what runs, and closes everything. */
  close(): Promise<void>;
}

/**
 * Everything in one process: the local workspace (or real Slack), records, queues, models, workers, pumps, bots.
 * What can refuse the start cheaply comes first; what takes long runs side by side.
 */
export const startTenkyo = async (options: StartOptions): Promise<RunningTenkyo> => {
  const { config, paths, serving, port, clock, logger, onStep, onIndexing } = options;
  const { models, embedder } = serving;
  const closing = createClosing(logger);
  closing.add('models', serving.close);
  try {
    // Before anything is opened: the local workspace and the records are one process's own.
    const lock = lockDirectory(paths.database);
    closing.add('lock', lock.release);
    const runs = await openRuns(config, (line) => logger.info(line));
    closing.add('runs', () => runs.close());
    const search = openSearch({
      config,
      runs,
      embedder,
      clock,
      onFailure: (what, error) => logger.warn({ engine: what, code: error.code, err: error }, 'search engine failed'),
    });
    closing.add('search', () => search.close());
    const { targets, vectorTargets, close: closeTargets } = openTargets(config, clock);
    closing.add('index targets', closeTargets);
    const status = createStatus({ config, facts: search.facts });

    onStep('workspace');
    const workspace = await openWorkspace({ config, file: paths.workspace, port, clock });
    closing.add('workspace', () => workspace.close());

    onStep('records');
    const records = await openRecords({ directory: paths.database, lock, config, clock, logger });
    closing.add('records', () => records.close());

    const meters = createMetrics();
    const operations = await openOperations({ config, records, metrics: meters, clock, logger, closing });
    onStep('models');
    for (const model of await serving.loaded) status.loaded(model);
    const workers = startWorkers({
      config,
      records,
      models,
      embedder,
      search,
      targets,
      vectorTargets,
      status,
      meters,
      onIndexing,
      clock,
      logger,
    });
    closing.add('workers', () => Promise.all(workers.map((worker) => worker.close({ deadlineMs: 2_000 }))));
    const sweeper = createSweeper({ ...records, clock, logger });
    closing.add('sweeper', () => sweeper.stop());

    const hitControls = { context: true, readings: config.runs.length > 0 };
    const delivery = createAppDelivery({ config, records, workspace, hitControls, meters, clock, logger });
    closing.add('delivery', () => delivery.stop());

    onStep('apps');
    const intake = await openIntake({ config, workspace, clock, logger, closing });
    const bots = await startBots({
      config,
      records,
      workspace,
      delivery,
      passages: {
        context: async (passageId, { corpus, characters, spans }) => {
          const range = characters === 'document' ? characters : { before: characters, after: characters };
          return search.context(corpus, passageId, { range, spans });
        },
      },
      readings: runs,
      search,
      status,
      intake,
      meters,
      clock,
      logger,
    });
    closing.add('bots', () => Promise.all(bots.map((bot) => bot.stop())));
    closing.add('readiness', operations.stop);
    await sweeper.start();
    delivery.start();
    for (const { name } of config.corpora) await records.jobs.addIndex(name);
    return { workspace, close: () => closing.closeAll() };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
};
