import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeApp } from '../../bots/local-app.ts';
import type { PlaygroundOptions } from '../../playground/server/options.ts';
import { createPlayground } from '../../playground/server/playground.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import { lockDirectory } from '../../src/store/pglite/directory-lock.ts';
import { readWorkspaceFile } from './workspace-file.ts';

/** The Slack that the bots talk to: the local workspace, or the real one. */
export interface Workspace {
  /** null: real Slack. */
  readonly local: { readonly url: string; readonly token: string } | null;
  readonly slackApiUrl: string | null;
  tokensOf(app: string): { botToken: string; appToken: string | null; signingSecret?: string | null };
  close(): Promise<void>;
}

const pageDirectory = fileURLToPath(new URL('../../playground/web/dist', import.meta.url));

/** The declared questions, asked of the first app that answers. */
const suggestionsOf = ({ apps, suggestions }: Config): PlaygroundOptions['suggestions'] => {
  const asked = apps.find(({ model }) => model !== null)?.name;
  return asked === undefined
    ? []
    : suggestions.map(({ locale, text }) => ({
        locale: locale === 'ja' ? 'ja-JP' : 'en-US',
        text: `@${asked} ${text}`,
      }));
};

const realSlack = (config: Config): Workspace => ({
  local: null,
  slackApiUrl: config.slackApiUrl,
  tokensOf: (name) => {
    const tokens = config.apps.find((app) => app.name === name)?.tokens;
    if (!tokens) throw new TenkyoError('config_invalid', 'an app has no tokens', { where: name });
    return tokens;
  },
  close: async () => {},
});

export interface LocalWorkspaceOptions {
  readonly config: Config;
  readonly file: string;
  readonly port: number;
  readonly clock: Clock;
}

/**
 * Starts the local workspace, one process's own, wherever records and queues are.
 *
 * @throws TenkyoError `data_locked`, `port_in_use`
 */
export const openLocalWorkspace = async ({ config, file, port, clock }: LocalWorkspaceOptions) => {
  const lock = lockDirectory(file);
  const opening = createPlayground({
    file,
    host: '127.0.0.1',
    port,
    apps: config.apps.map(describeApp),
    suggestions: suggestionsOf(config),
    pageDirectory: existsSync(resolve(pageDirectory, 'index.html')) ? pageDirectory : null,
    clock,
  });
  const playground = await opening.catch((error: unknown) => {
    lock.release();
    throw error;
  });
  return {
    local: { url: playground.url, token: playground.pageToken },
    slackApiUrl: playground.slackApiUrl,
    tokensOf: playground.tokensOf,
    close: async () => {
      await playground.close();
      lock.release();
    },
  };
};

const isRealSlack = ({ apps }: Pick<Config, 'apps'>): boolean => apps.every(({ tokens }) => tokens !== null);

/**
 * Apps with tokens talk to Slack; with none, the local workspace is started.
 *
 * @throws TenkyoError `data_locked`, `port_in_use`
 */
export const openWorkspace = async (options: LocalWorkspaceOptions): Promise<Workspace> =>
  isRealSlack(options.config) ? realSlack(options.config) : openLocalWorkspace(options);

/**
 * Apps with tokens talk to Slack; with none, the local workspace that a process beside this one has described in `file`.
 *
 * @throws TenkyoError `config_invalid`
 */
export const findWorkspace = (config: Config, file: string): Workspace =>
  isRealSlack(config) ? realSlack(config) : describedWorkspace(config, file);

const describedWorkspace = ({ apps }: Config, file: string): Workspace => {
  const { slackApiUrl, tokens } = readWorkspaceFile(file);
  const missing = apps.find(({ name }) => !(name in tokens));
  if (missing) {
    throw new TenkyoError('config_invalid', 'the local workspace has no such app', {
      where: file,
      expected: missing.name,
      found: Object.keys(tokens).join(', '),
      remedy: 'Start `tenkyo playground` with the same configuration.',
    });
  }
  return {
    local: null,
    slackApiUrl,
    tokensOf: (name) => {
      const found = tokens[name];
      if (!found) throw new TenkyoError('not_found', 'the local workspace has no such app', { where: name });
      return found;
    },
    close: async () => {},
  };
};
