import { rmSync } from 'node:fs';
import type { RoleOptions } from './ground.ts';
import { removeProcessFile, writeProcessFile } from './process-file.ts';
import { openLocalWorkspace } from './workspace.ts';
import { writeWorkspaceFile } from './workspace-file.ts';

/** The local workspace alone. What bots beside it need stands in a file of the data directory. @returns its address */
export const startPlaygroundRole = async ({
  config,
  paths,
  port,
  clock,
  closing,
}: RoleOptions & { readonly port: number }): Promise<string> => {
  const { local, slackApiUrl, tokensOf, close } = await openLocalWorkspace({
    config,
    file: paths.workspace,
    port,
    clock,
  });
  closing.add('workspace', close);
  writeWorkspaceFile(paths.workspaceFile, {
    slackApiUrl,
    tokens: Object.fromEntries(config.apps.map(({ name }) => [name, tokensOf(name)])),
  });
  closing.add('description', () => rmSync(paths.workspaceFile, { force: true }));
  writeProcessFile(paths.process, { pid: process.pid, ...local, startedAt: new Date(clock.now()).toISOString() });
  closing.add('process file', () => removeProcessFile(paths.process));
  return local.url;
};
