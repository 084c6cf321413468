import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { openBoardQueues } from '../../src/jobs/board-queues.ts';
import { createHealth, type Health, type Probe } from '../../src/telemetry/health.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import type { Metrics } from '../../src/telemetry/metrics.ts';
import type { Closing } from './closing.ts';
import type { Records } from './records.ts';

/** An id that no answer has: asking for it shows whether the records answer. */
const nobody = 'readiness';

/** The operator's port where one is configured. `stop` of what comes back turns the process unready. */
export const openOperations = async ({
  config: { operator, models },
  records: { store, jobs, backend },
  probes = {},
  metrics,
  clock,
  logger,
  closing,
}: {
  readonly config: Pick<Config, 'operator' | 'models'>;
  readonly records: Records;
  /** Of parts beside the records and the queues. */
  readonly probes?: Readonly<Record<string, Probe>>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly closing: Closing;
}): Promise<Pick<Health, 'stop'>> => {
  const health = createHealth(
    { records: () => store.answers.get(nobody), queues: () => jobs.counts(), ...probes },
    clock,
  );
  if (operator === null) return health;
  metrics.watchQueues(() => jobs.counts());
  const names = models.map(({ name }) => name);
  const queues = operator.password === null ? [] : openBoardQueues(backend, names);
  closing.add('board', () => Promise.all(queues.map((queue) => queue.close())));
  // The board and its page take long to load: whoever has no such port does not wait for them.
  const { openOperatorServer } = await import('../../src/telemetry/operator-server.ts');
  const server = await openOperatorServer({ ...operator, metrics, health, queues });
  closing.add("operator's port", server.close);
  logger.info({ url: server.url }, "the operator's port is open");
  return health;
};
