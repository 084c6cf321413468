import type { StatusSource } from '../../bots/admin/status-source.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { indexTopic } from '../../src/feed/feed.ts';
import type { IndexFacts } from '../../src/search/ports.ts';
import type { Records } from './records.ts';
import { createStatus } from './status.ts';

const pauseMs = 1_000;

/** What `/tenkyo status` tells where the work is done by other processes: from the queues and the feed. */
export const createSharedStatus = ({
  config,
  facts,
  records: { jobs, feed },
  clock,
}: {
  readonly config: Config;
  readonly facts: (corpus: string) => Promise<IndexFacts>;
  readonly records: Pick<Records, 'jobs' | 'feed'>;
  readonly clock: Clock;
}): StatusSource & { stop(): Promise<void> } => {
  const status = createStatus({ config, facts });
  const stopping = new AbortController();
  const follow = async (corpus: string): Promise<void> => {
    let after: string | undefined;
    while (!stopping.signal.aborted) {
      for await (const { id, event } of feed.read(indexTopic(corpus), { after, signal: stopping.signal })) {
        after = id;
        status.building(corpus, event);
      }
      await clock.sleep(pauseMs, stopping.signal).catch(() => undefined);
    }
  };
  const following = config.corpora.map(({ name }) => follow(name));
  return {
    corpora: status.corpora,
    models: async () => {
      const models = await status.models();
      return Promise.all(
        models.map(async (model) => ({
          ...model,
          state: (await jobs.workersOf(model.name)) > 0 ? ('up' as const) : ('down' as const),
        })),
      );
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(following);
    },
  };
};
