import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeApp } from '../../bots/local-app.ts';
import type { PlaygroundOptions } from '../../playground/server/options.ts';
import { createPlayground } from '../../playground/server/playground.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';

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

/**
 * Apps with tokens talk to Slack; with none, the local workspace is started.
 *
 * @throws TenkyoError `port_in_use`
 */
export const openWorkspace = async ({
  config,
  file,
  port,
  clock,
}: {
  readonly config: Config;
  readonly file: string;
  readonly port: number;
  readonly clock: Clock;
}): Promise<Workspace> => {
  if (config.apps.every(({ tokens }) => tokens !== null)) return realSlack(config);
  const playground = await createPlayground({
    file,
    host: '127.0.0.1',
    port,
    apps: config.apps.map(describeApp),
    suggestions: suggestionsOf(config),
    pageDirectory: existsSync(resolve(pageDirectory, 'index.html')) ? pageDirectory : null,
    clock,
  });
  return {
    local: { url: playground.url, token: playground.pageToken },
    slackApiUrl: playground.slackApiUrl,
    tokensOf: playground.tokensOf,
    close: playground.close,
  };
};
