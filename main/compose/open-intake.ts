import { createHttpIntake, type HttpIntake } from '../../bots/http-intake.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import type { Closing } from './closing.ts';
import type { Workspace } from './workspace.ts';

/** The port for requests from Slack where it is declared; null: Socket Mode, which the local workspace always uses. */
export const openIntake = async ({
  config: { slack },
  workspace,
  clock,
  logger,
  closing,
}: {
  readonly config: Pick<Config, 'slack'>;
  readonly workspace: Pick<Workspace, 'local'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly closing: Closing;
}): Promise<HttpIntake | null> => {
  if (slack.receive === 'socket' || workspace.local !== null) return null;
  const intake = createHttpIntake({ ...slack, clock, logger });
  const url = await intake.open();
  closing.add('requests from Slack', intake.close);
  logger.info({ url }, 'waiting for requests from Slack');
  return intake;
};
