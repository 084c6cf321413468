import { randomBytes } from 'node:crypto';
import { App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { type Access, createAccess } from '../src/access/access.ts';
import type { Clock } from '../src/clock.ts';
import type { AppConfig, Config } from '../src/config/config.ts';
import { asTenkyoError, TenkyoError } from '../src/errors.ts';
import { meteredFetch, type SlackMeter } from '../src/slack/metered-fetch.ts';
import type { Logger } from '../src/telemetry/log.ts';
import { createDirectory } from './directory.ts';
import { createHandling, type Handling } from './handling.ts';
import type { HttpIntake } from './http-intake.ts';
import { boltLogger } from './logging.ts';

/** What a role gets to hang its handlers on. */
export interface RoleContext {
  readonly bolt: App;
  /** The app's name is the `app` of every record it opens. */
  readonly app: Pick<AppConfig, 'name' | 'roles'>;
  readonly handling: Handling;
  readonly access: Access;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A face of an app: chat with a model, search, commands. One app may have several. */
export type BotRole = (context: RoleContext) => void;

interface BotTokens {
  readonly botToken: string;
  /** For Socket Mode. */
  readonly appToken: string | null;
  /** For HTTP. */
  readonly signingSecret?: string | null;
}

export interface BotOptions {
  readonly app: Pick<AppConfig, 'name' | 'roles'>;
  readonly tokens: BotTokens;
  /** Where requests from Slack come in; null: Socket Mode. */
  readonly intake?: HttpIntake | null;
  /** null: Slack's own. */
  readonly slackApiUrl: string | null;
  readonly roles: readonly BotRole[];
  readonly admins: Config['admins'];
  readonly logger: Logger;
  readonly clock: Clock;
  readonly meter?: SlackMeter;
}

/** A Slack app of ours, connected by Socket Mode or reached by HTTP. */
export interface Bot {
  readonly name: string;
  /** Whether the app is in a channel; false where Slack does not say. */
  isIn(channel: string): Promise<boolean>;
  /** @throws TenkyoError `slack_refused` or `slack_unreachable` */
  start(): Promise<void>;
  /** Takes no more events, then waits for the handlers that run. */
  stop(): Promise<void>;
}

/**
 * Retries would repeat a call whose reply was lost, and waiting for a 429 would stop every other call; each client gets
 * its own object because the Socket Mode client writes into the one it gets.
 */
const clientOptions = ({ slackApiUrl, meter }: BotOptions, logger: Logger): WebClientOptions => ({
  ...(slackApiUrl === null ? {} : { slackApiUrl }),
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: 10_000,
  allowAbsoluteUrls: false,
  fetch: meteredFetch(meter),
  logger: boltLogger(logger),
});

const slackError = (app: string, error: unknown): TenkyoError => {
  if (error instanceof TenkyoError) return error;
  const { message } = asTenkyoError(error);
  const refused = typeof error === 'object' && error !== null && 'data' in error;
  return new TenkyoError(
    refused ? 'slack_refused' : 'slack_unreachable',
    `The app ${app} could not connect to Slack.`,
    {
      where: app,
      found: message,
      remedy: refused ? 'Check its tokens and scopes.' : 'Check the network and SLACK_API_URL.',
      cause: error,
    },
  );
};

const missing = (app: string, what: string): TenkyoError =>
  new TenkyoError('config_invalid', `the app has no ${what}`, {
    where: app,
    remedy: 'Add it to .env; `tenkyo doctor` names the variable.',
  });

const receiverOf = (options: BotOptions, log: Logger): Receiver => {
  const { app, tokens, intake = null } = options;
  if (intake !== null) {
    if (!tokens.signingSecret) throw missing(app.name, 'signing secret');
    return intake.receiver(app.name, tokens.signingSecret);
  }
  if (tokens.appToken === null) throw missing(app.name, 'app-level token');
  return new SocketModeReceiver({
    appToken: tokens.appToken,
    logger: boltLogger(log),
    installerOptions: { clientOptions: clientOptions(options, log) },
  });
};

export const createBot = (options: BotOptions): Bot => {
  const { app, tokens, roles, admins, logger, clock } = options;
  const log = logger.child({ app: app.name });
  const receiver = receiverOf(options, log);
  const bolt = new App({
    token: tokens.botToken,
    receiver,
    clientOptions: clientOptions(options, log),
    logger: boltLogger(log),
    // Its memory of conversations would be one a process.
    convoStore: false,
    deferInitialization: true,
  });
  const client = new WebClient(tokens.botToken, clientOptions(options, log));
  const directory = createDirectory(client);
  const access = createAccess({ admins, directory, clock });
  const handling = createHandling({ access, logger: log, newId: () => randomBytes(4).toString('hex').slice(0, 7) });
  bolt.error(async (error) => log.error({ err: error }, 'a handler failed outside its guard'));
  for (const role of roles) role({ bolt, app, handling, access, clock, logger: log });

  return {
    name: app.name,
    isIn: async (channel) => {
      // An app learns nothing of a channel that it is not in: that is an error and a no.
      const found = await client.conversations.info({ channel }).catch(() => null);
      return found?.channel?.is_member === true;
    },
    start: async () => {
      try {
        await bolt.init();
        await bolt.start();
      } catch (error) {
        throw slackError(app.name, error);
      }
    },
    stop: async () => {
      await bolt.stop();
      await handling.drained();
    },
  };
};
