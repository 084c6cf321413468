import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../../src/clock.ts';
import type { JobWorker } from '../../src/jobs/create-worker.ts';
import type { ProcessFacts } from '../../src/store/admin-records.ts';
import type { Store } from '../../src/store/store.ts';
import type { Logger } from '../../src/telemetry/log.ts';

const everyMs = 3_000;

/** Says again and again that this process is alive and what it does, for `/tenkyo status` of whichever process. */
export const startHeartbeat = ({
  processes,
  facts,
  clock,
  logger,
}: {
  readonly processes: Store['processes'];
  facts(): ProcessFacts;
  readonly clock: Clock;
  readonly logger: Logger;
}): JobWorker => {
  const id = randomUUID();
  const stopping = new AbortController();
  const beating = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await processes.beat({ id, host: hostname(), pid: process.pid, facts: facts() });
      } catch (error) {
        logger.warn({ err: error }, 'the sign of life could not be written');
      }
      await clock.sleep(everyMs, stopping.signal).catch(() => undefined);
    }
  })();
  return {
    close: async () => {
      stopping.abort();
      await beating;
      await processes.gone(id).catch((error) => logger.warn({ err: error }, 'the end could not be written'));
    },
  };
};
