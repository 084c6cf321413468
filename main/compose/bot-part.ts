import { createSweeper } from '../../src/jobs/sweeper.ts';
import type { Meters } from '../../src/telemetry/metrics.ts';
import type { Ground, RoleOptions } from './ground.ts';
import { openIntake } from './open-intake.ts';
import type { Records } from './records.ts';
import { startBots } from './start-bots.ts';
import { createAppDelivery } from './start-delivery.ts';
import type { Status } from './status.ts';
import type { Workspace } from './workspace.ts';

export interface BotPartOptions extends RoleOptions, Ground {
  /** Names of the apps of this process; the others are somebody else's. */
  readonly apps: readonly string[];
  readonly records: Records;
  readonly workspace: Workspace;
  readonly status: Pick<Status, 'source'>;
  readonly meters: Meters;
}

/** What bots are: the apps, the pumps that bring answers to Slack, and the sweep for work that was left behind. */
export const startBotPart = async (options: BotPartOptions): Promise<void> => {
  const { config, apps, records, workspace, runs, search, status, meters, clock, logger, closing } = options;
  const sweeper = createSweeper({ ...records, running: config.limits.running, clock, logger });
  closing.add('sweeper', () => sweeper.stop());
  const hitControls = { context: true, readings: config.runs.length > 0 };
  const delivery = createAppDelivery({ config, apps, records, workspace, hitControls, meters, clock, logger });
  closing.add('delivery', () => delivery.stop());
  const intake = await openIntake({ config, workspace, clock, logger, closing });
  const bots = await startBots({
    config,
    apps,
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
  await sweeper.start();
  delivery.start();
};
