import type { FeedEvent } from '../../src/feed/feed.ts';
import { lockDirectory } from '../../src/store/pglite/directory-lock.ts';
import { startBotPart } from './bot-part.ts';
import { createClosing } from './closing.ts';
import { type ControlAddress, openControlServer } from './control-server.ts';
import { openGround, openRoleOperations, openRoleRecords, type RoleOptions } from './ground.ts';
import { isEmbedded } from './records.ts';
import type { Serving } from './serving.ts';
import { createStatus } from './status.ts';
import { startWorkerPart } from './worker-part.ts';
import { allQueues } from './worker-queues.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export interface StartOptions extends Omit<RoleOptions, 'closing'> {
  /** Already loading. Closed with the rest. */
  readonly serving: Serving;
  readonly port: number;
  /** A step of the start, for the terminal. */
  readonly onStep: (step: 'workspace' | 'records' | 'models' | 'apps') => void;
  readonly onIndexing: (corpus: string, event: FeedEvent) => void;
}

export interface RunningTenkyo {
  readonly workspace: Pick<Workspace, 'local'>;
  /** Where commands beside this process ask for records that are inside it; null: they are on a server. */
  readonly control: ControlAddress | null;
  /** Stops intake, lets go of what runs, and closes everything. */
  close(): Promise<void>;
}

/** The person who pressed Ctrl-C waits for it; what is cut off goes on at the next start. */
const finishWithinMs = 2_000;

/**
 * Everything in one process: the local workspace (or real Slack), records, queues, models, workers, pumps, bots.
 * What can refuse the start cheaply comes first; what takes long runs side by side.
 */
export const startTenkyo = async (options: StartOptions): Promise<RunningTenkyo> => {
  const { config, paths, serving, port, clock, logger, onStep, onIndexing } = options;
  const closing = createClosing(logger);
  const role: RoleOptions = { ...options, closing };
  closing.add('models', serving.close);
  try {
    // Before anything is opened: embedded records are one process's own.
    const lock = isEmbedded(config) ? lockDirectory(paths.database) : undefined;
    if (lock) closing.add('lock', lock.release);
    const ground = await openGround(role, { embedder: serving.embedder, reranking: serving.reranker });
    const status = createStatus({ config, facts: ground.search.facts, clock });

    onStep('workspace');
    const workspace = await openWorkspace({ config, file: paths.workspace, port, clock });
    closing.add('workspace', () => workspace.close());

    onStep('records');
    const records = await openRoleRecords(role, lock);

    const control = config.database === null ? await openControlServer({ ...records.store, logger }) : null;
    if (control) closing.add('control', control.close);

    const operations = await openRoleOperations(role, records);
    onStep('models');
    await serving.loaded;
    const queues = allQueues(config);
    const shared = { ...role, ...ground, ...operations, records, status };
    const workers = startWorkerPart({ ...shared, queues, serving, onIndexing, finishWithinMs });

    onStep('apps');
    await startBotPart({ ...shared, apps: config.apps.map(({ name }) => name), workspace });
    closing.add('readiness', operations.stop);
    await workers.requestIndexes();
    const address = control && { url: control.url, token: control.token };
    return { workspace, control: address, close: () => closing.closeAll() };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
};
