import type { Settings } from '../../src/access/settings.ts';
import type { Clock } from '../../src/clock.ts';
import type { CorpusConfig, LimitsConfig } from '../../src/config/config.ts';
import type { Document } from '../../src/corpus/document.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createGiveTurns } from '../../src/jobs/give-turns.ts';
import type { Jobs } from '../../src/jobs/jobs.ts';
import type { Store } from '../../src/store/store.ts';
import type { Desk, Nudge } from '../desk.ts';
import type { HitControls } from '../search/present-hit.ts';
import type { SettingsFormOptions } from '../settings/settings-form.ts';
import type { SubCommand } from './command.ts';
import { announceCommand } from './commands/announce.ts';
import { auditCommand } from './commands/audit.ts';
import { cancelCommand } from './commands/cancel.ts';
import { channelCommands } from './commands/channel.ts';
import { corpusCommand } from './commands/corpus.ts';
import { findCommand } from './commands/find.ts';
import { helpCommand } from './commands/help.ts';
import { hideCommands } from './commands/hide.ts';
import { jobsCommand } from './commands/jobs.ts';
import { modelCommands } from './commands/model.ts';
import { modelSettingsCommand } from './commands/model-settings.ts';
import { quotaCommands } from './commands/quota.ts';
import { statusCommand } from './commands/status.ts';
import { userCommands } from './commands/user.ts';
import type { StatusSource } from './status-source.ts';

export interface TableOptions extends Pick<SettingsFormOptions, 'modelFacts'> {
  readonly command: string;
  readonly source: StatusSource;
  readonly jobs: Pick<Jobs, 'addGenerate' | 'counts'>;
  readonly store: Store;
  readonly settings: Settings;
  readonly feed: Feed;
  readonly desk: Desk;
  readonly delivery: Nudge;
  /** Names of the configured models. */
  readonly models: readonly string[];
  readonly corpora: readonly Pick<CorpusConfig, 'name' | 'visibility' | 'runs'>[];
  readonly limits: LimitsConfig;
  /** Documents of a corpus with this record id. */
  readonly documents: (corpus: string, id: string) => Promise<readonly Document[]>;
  readonly controls: HitControls;
  readonly clock: Clock;
}

/** The sub-commands, in the order of help. */
export const commandTable = (options: TableOptions): readonly SubCommand[] => {
  const { command, clock, limits, jobs, store } = options;
  const giveTurns = createGiveTurns({ answers: store.answers, jobs, running: limits.running });
  const timed = { ...options, now: clock.now };
  const table: readonly SubCommand[] = [
    findCommand(options),
    statusCommand(timed),
    jobsCommand(timed),
    cancelCommand({ ...options, giveTurns }),
    ...modelCommands(options),
    modelSettingsCommand(options),
    ...channelCommands(options),
    ...quotaCommands({ ...options, configured: limits }),
    ...userCommands(options),
    corpusCommand(options),
    ...hideCommands(options),
    auditCommand(timed),
    announceCommand(options),
    helpCommand(command, () => table),
  ];
  return table;
};
