import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { HiddenDocument } from '../../src/store/admin-records.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { createClosing } from '../compose/closing.ts';
import { openDataDirectory } from '../compose/data-directory.ts';
import { openCommandRecords } from '../compose/open-command-records.ts';

/** Documents that an admin has hidden in Slack, of whatever workspace; none where there are no records yet. */
export const hiddenDocuments = async (config: Config): Promise<readonly HiddenDocument[]> => {
  const paths = openDataDirectory(config.dataDirectory);
  const logger = createLogger({ directory: null, level: 'silent' });
  const closing = createClosing(logger);
  try {
    const records = await openCommandRecords({ config, paths, clock: systemClock, logger, closing });
    return (await records?.hidden.everywhere()) ?? [];
  } finally {
    await closing.closeAll();
  }
};
