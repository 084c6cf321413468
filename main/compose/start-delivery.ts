import { randomUUID } from 'node:crypto';
import { createComparisonPresenter } from '../../bots/comparison/presenter.ts';
import { createAnswerPresenter } from '../../bots/model/presenter.ts';
import type { HitControls } from '../../bots/search/present-hit.ts';
import { createSearchPresenter } from '../../bots/search/presenter.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { createDelivery, type Deliverer } from '../../src/delivery/create-delivery.ts';
import { createQueuePlace } from '../../src/jobs/queue-place.ts';
import { createSlackClient } from '../../src/slack/client-policy.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import type { Meters } from '../../src/telemetry/metrics.ts';
import type { Records } from './records.ts';
import type { Workspace } from './workspace.ts';

/** The pumps of this process's apps, each with a Slack client of its own app. Not yet started. */
export const createAppDelivery = ({
  config,
  apps,
  records,
  workspace,
  hitControls,
  meters,
  clock,
  logger,
}: {
  readonly config: Pick<Config, 'apps' | 'models'>;
  /** Names of those to deliver for. */
  readonly apps: readonly string[];
  readonly records: Records;
  readonly workspace: Workspace;
  readonly hitControls: HitControls;
  readonly meters: Meters;
  readonly clock: Clock;
  readonly logger: Logger;
}): Deliverer => {
  const { store, feed } = records;
  const clients = new Map(
    apps.map((name) => [
      name,
      createSlackClient({
        token: workspace.tokensOf(name).botToken,
        slackApiUrl: workspace.slackApiUrl,
        meter: meters.slack,
        clock,
        logger: logger.child({ app: name }),
      }),
    ]),
  );
  const searches = config.apps.some(({ roles }) => roles.includes('search'));
  return createDelivery({
    store,
    feed,
    presenters: {
      answer: createAnswerPresenter({
        answers: store.answers,
        queuePlace: createQueuePlace({ answers: store.answers, models: config.models }),
        controls: { search: searches },
      }),
      search: createSearchPresenter({ store, controls: hitControls }),
      comparison: createComparisonPresenter({ store }),
    },
    slack: (app) => clients.get(app) ?? null,
    apps: [...clients.keys()],
    clock,
    owner: randomUUID(),
    logger,
  });
};
