import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createMemoryFeed } from '../../src/feed/memory-feed.ts';
import { createJobs, type QueueJobs } from '../../src/jobs/create-jobs.ts';
import { createPgliteBackend, type QueueBackend } from '../../src/jobs/pglite-backend.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { DirectoryLock } from '../../src/store/pglite/directory-lock.ts';
import { openPglite } from '../../src/store/pglite/open-pglite.ts';
import type { Store } from '../../src/store/store.ts';
import type { Logger } from '../../src/telemetry/log.ts';

/** What is written down, and the queues: in the embedded form one PGlite holds both. */
export interface Records {
  readonly store: Store;
  readonly backend: QueueBackend;
  readonly jobs: QueueJobs;
  readonly feed: Feed;
  /** Last of all, when bots, pumps and workers have ended. */
  close(): Promise<void>;
}

export const openRecords = async ({
  directory,
  lock,
  config,
  clock,
  logger,
}: {
  readonly directory: string;
  readonly lock: DirectoryLock;
  readonly config: Pick<Config, 'models'>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<Records> => {
  const database = await openPglite({ directory, lock });
  try {
    const store = await createStore({ dialect: database.dialect, clock });
    const backend = await createPgliteBackend(database.pglite);
    const jobs = createJobs({ backend, models: config.models.map(({ name }) => name), logger });
    const feed = createMemoryFeed({ clock });
    return {
      store,
      backend,
      jobs,
      feed,
      close: async () => {
        await jobs.close();
        await feed.close();
        await store.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
};
