import type { Clock } from '../../src/clock.ts';
import type { JobWorker } from '../../src/jobs/create-worker.ts';
import type { OpenModel } from './open-models.ts';
import type { Status } from './status.ts';

const everyMs = 10_000;

/** Looks again and again how the models of this process are: a server that is away should not be told to be up. */
export const watchModels = ({
  models,
  status,
  clock,
}: {
  readonly models: readonly OpenModel[];
  readonly status: Pick<Status, 'served'>;
  readonly clock: Clock;
}): JobWorker => {
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await Promise.all(
        models.map(async ({ config, look }) => {
          const by = await look();
          if (by !== null) status.served(config.name, by);
        }),
      );
      await clock.sleep(everyMs, stopping.signal).catch(() => undefined);
    }
  })();
  return {
    close: async () => {
      stopping.abort();
      await watching;
    },
  };
};
