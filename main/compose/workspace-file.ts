import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { TenkyoError } from '../../src/errors.ts';
import { writePrivately } from './write-privately.ts';

const workspaceFile = z.object({
  slackApiUrl: z.string(),
  tokens: z.record(z.string(), z.object({ botToken: z.string(), appToken: z.string() })),
});

/** What bots need to talk to a local workspace of another process. */
export type WorkspaceFile = z.infer<typeof workspaceFile>;

export const writeWorkspaceFile = (file: string, facts: WorkspaceFile): void => writePrivately(file, facts);

/** @throws TenkyoError `config_invalid` where no local workspace has described itself */
export const readWorkspaceFile = (file: string): WorkspaceFile => {
  try {
    return workspaceFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new TenkyoError(
      'config_invalid',
      'the apps have no tokens, and there is no local workspace to take them from',
      {
        where: file,
        remedy:
          'Set <APP>_BOT_TOKEN and <APP>_APP_TOKEN of each app, or start `tenkyo playground` with the same --data.',
        cause,
      },
    );
  }
};
