import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { FeedEvent } from '../../src/feed/feed.ts';
import { createSweeper } from '../../src/jobs/sweeper.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { lockDirectory } from '../../src/store/pglite/directory-lock.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { createClosing } from './closing.ts';
import type { DataPaths } from './data-directory.ts';
import { openEmbedder } from './open-embedder.ts';
import { type OpenModel, openModels } from './open-models.ts';
import { openRuns } from './open-runs.ts';
import { openSearch } from './open-search.ts';
import { openRecords } from './records.ts';
import { startBots } from './start-bots.ts';
import { createAppDelivery } from './start-delivery.ts';
import { startWorkers } from './start-workers.ts';
import { createStatus, type Status } from './status.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export interface StartOptions {
  readonly config: Config;
  readonly paths: DataPaths;
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

/** Loads the models that an app answers with, so that the first question does not wait for it. */
const loadModels = async (
  models: ReadonlyMap<string, OpenModel>,
  { apps }: Pick<Config, 'apps'>,
  status: Status,
): Promise<void> => {
  for (const { model } of apps) {
    const open = model === null ? undefined : models.get(model);
    if (!open) continue;
    try {
      await open.generator.load();
      status.loaded(open.config.name, 'up');
    } catch (error) {
      status.loaded(open.config.name, 'down');
      throw error;
    }
  }
};

/**
 * Everything in one process: the local workspace (or real Slack), records, queues, models, workers, pumps, bots.
 * What can refuse the start cheaply comes first; what takes long runs side by side.
 */
export const startTenkyo = async (options: StartOptions): Promise<RunningTenkyo> => {
  const { config, paths, port, clock, logger, onStep, onIndexing } = options;
  const closing = createClosing(logger);
  try {
    // Before anything is opened: the local workspace and the records are one process's own.
    const lock = lockDirectory(paths.database);
    closing.add('lock', lock.release);
    const host = createOnnxHost({ log: logger });
    closing.add('models', () => host.close());
    const [runs, models, embedder] = await Promise.all([
      openRuns(config),
      openModels(config.models, host),
      openEmbedder(config, host),
    ]);
    closing.add('runs', () => runs.close());
    const search = openSearch({
      config,
      runs,
      embedder,
      clock,
      onFailure: (what, error) => logger.warn({ engine: what, code: error.code, err: error }, 'search engine failed'),
    });
    closing.add('search', () => search.close());
    const status = createStatus({ config, facts: search.facts });

    onStep('workspace');
    const workspace = await openWorkspace({ config, file: paths.workspace, port, clock });
    closing.add('workspace', () => workspace.close());

    onStep('records');
    const loading = loadModels(models, config, status);
    // Looked at below; until then its failure is nobody's unhandled rejection.
    loading.catch(() => undefined);
    const records = await openRecords({ directory: paths.database, lock, config, clock, logger });
    closing.add('records', () => records.close());

    onStep('models');
    await loading;
    if (config.embedding) await host.load('embedding', config.embedding.path);
    const workers = startWorkers({ config, records, models, embedder, search, status, onIndexing, clock, logger });
    closing.add('workers', () => Promise.all(workers.map((worker) => worker.close({ deadlineMs: 2_000 }))));
    const sweeper = createSweeper({ ...records, clock, logger });
    closing.add('sweeper', () => sweeper.stop());

    const hitControls = { context: true, readings: config.runs.length > 0 };
    const delivery = createAppDelivery({ config, records, workspace, hitControls, clock, logger });
    closing.add('delivery', () => delivery.stop());

    onStep('apps');
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
      status,
      clock,
      logger,
    });
    closing.add('bots', () => Promise.all(bots.map((bot) => bot.stop())));
    await sweeper.start();
    delivery.start();
    for (const { name } of config.corpora) await records.jobs.addIndex(name);
    return { workspace, close: () => closing.closeAll() };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
};
