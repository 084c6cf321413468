import { WebClient } from '@slack/web-api';
import type { AppConfig, AppTokens } from '../src/config/config.ts';
import { type SlackFailure, toFailure } from '../src/slack/client-failure.ts';
import { meteredFetch } from '../src/slack/metered-fetch.ts';
import { botScopes, type NamedGroups } from './manifest/needs.ts';

/** One thing that was looked at on the way to Slack. */
export interface AppCheck {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly found: string;
  readonly remedy: string | null;
}

export interface AppCheckOptions {
  readonly app: Pick<AppConfig, 'name' | 'roles'>;
  readonly tokens: AppTokens;
  readonly slackApiUrl: string | null;
  readonly receive: 'socket' | 'http';
  readonly groups: NamedGroups;
  /** For each request and for the first word on the socket. */
  readonly timeoutMs?: number;
}

const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => 'error' as never,
  setName: () => {},
};

const pages = 'https://api.slack.com/apps';
const remedies: Readonly<Record<string, string>> = {
  invalid_auth: `Copy the token again from ${pages}.`,
  not_authed: `Copy the token again from ${pages}.`,
  token_revoked: 'Install the app to the workspace again and copy the new token.',
  token_expired: 'Turn token rotation off, install the app again and copy the new token.',
  account_inactive: 'Install the app to the workspace again: it was removed, or its owner left.',
  not_allowed_token_type: 'Give a token of the other kind: xoxb-… is the bot token, xapp-… the app-level token.',
  missing_scope: 'Generate the app-level token anew with the scope connections:write.',
  socket_mode_off: `Turn Socket Mode on under ${pages}, “Socket Mode”, or declare \`slack: { receive: http }\`.`,
};

const told = (what: string, failure: SlackFailure): AppCheck => {
  if (failure.kind === 'rate_limited') {
    return { what, state: 'warning', found: 'told to wait', remedy: 'Run the check again in a minute.' };
  }
  const remedy =
    failure.kind === 'refused'
      ? (remedies[failure.code] ?? (/socket|link_disabled/.test(failure.code) ? remedies.socket_mode_off : null))
      : 'Check the network, the proxy and SLACK_API_URL.';
  return { what, state: 'fault', found: failure.code, remedy: remedy ?? 'See https://docs.slack.dev for this code.' };
};

interface FirstWord {
  readonly word: string;
  /** Of the app that the app-level token belongs to; null: not told. */
  readonly appId: string | null;
}

/** The first word on a new socket: `hello` where Socket Mode is on. Closed at once, so that no event goes to it. */
const firstWord = (url: string, timeoutMs: number): Promise<FirstWord> =>
  new Promise((done) => {
    const socket = new WebSocket(url);
    const end = (word: string, appId: string | null = null): void => {
      clearTimeout(late);
      socket.close();
      done({ word, appId });
    };
    const late = setTimeout(() => end('silence'), timeoutMs);
    socket.addEventListener('error', () => end('no connection'));
    socket.addEventListener('close', () => end('closed at once'));
    socket.addEventListener('message', ({ data }) => {
      const { type, reason, connection_info } = JSON.parse(String(data)) as {
        type?: string;
        reason?: string;
        connection_info?: { app_id?: string };
      };
      end(type === 'hello' ? 'hello' : (reason ?? type ?? 'something else'), connection_info?.app_id ?? null);
    });
  });

/** Looks at everything between an app and Slack: both tokens, the scopes, Socket Mode. Changes nothing. */
export const checkApp = async ({
  app,
  tokens,
  slackApiUrl,
  receive,
  groups,
  timeoutMs = 10_000,
}: AppCheckOptions): Promise<readonly AppCheck[]> => {
  const web = (token: string): WebClient =>
    new WebClient(token, {
      ...(slackApiUrl !== null && { slackApiUrl }),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: timeoutMs,
      allowAbsoluteUrls: false,
      fetch: meteredFetch(undefined),
      logger: silent,
    });

  /** The app that the bot token belongs to; null: not found out. */
  let botApp: string | null = null;
  const botToken = async (): Promise<AppCheck[]> => {
    const what = `${app.name}: bot token`;
    try {
      const client = web(tokens.botToken);
      const { team, user, bot_id, response_metadata } = await client.auth.test();
      const found: AppCheck = { what, state: 'ok', found: `${user} in ${team}`, remedy: null };
      if (bot_id !== undefined) {
        const { bot } = await client.bots.info({ bot: bot_id }).catch(() => ({ bot: undefined }));
        botApp = bot?.app_id ?? null;
      }
      const places = await client.users
        .conversations({ types: 'public_channel,private_channel', exclude_archived: true, limit: 1 })
        .catch(() => ({ channels: undefined }));
      return [found, scopes(response_metadata?.scopes), ...invited(places.channels?.length)];
    } catch (error) {
      return [told(what, toFailure(error))];
    }
  };

  /** Nobody can mention an app that is in no channel, nor does it see a reaction there. */
  const invited = (channels: number | undefined): AppCheck[] =>
    channels === 0
      ? [
          {
            what: `${app.name}: channels`,
            state: 'warning',
            found: 'it is in no channel yet',
            remedy: `Write \`/invite @${app.name}\` in a channel.`,
          },
        ]
      : [];

  const scopes = (granted: readonly string[] | undefined): AppCheck => {
    const what = `${app.name}: scopes`;
    if (granted === undefined) {
      return {
        what,
        state: 'warning',
        found: 'not told by this server',
        remedy: `Compare with \`tenkyo manifest ${app.name}\`.`,
      };
    }
    const missing = botScopes(app.roles, groups).filter(({ scope }) => !granted.includes(scope));
    if (missing.length === 0) return { what, state: 'ok', found: 'all that are needed', remedy: null };
    return {
      what,
      state: 'fault',
      found: `missing: ${missing.map(({ scope }) => scope).join(', ')}`,
      remedy: `Paste \`tenkyo manifest ${app.name}\` under ${pages}, “App Manifest”, and install the app again.`,
    };
  };

  const socketMode = async (): Promise<AppCheck[]> => {
    const what = `${app.name}: Socket Mode`;
    try {
      const { url = '' } = await web(tokens.appToken ?? '').apps.connections.open();
      const { word, appId } = await firstWord(url, timeoutMs);
      if (word === 'hello' && appId !== null && botApp !== null && appId !== botApp) {
        const found = `the bot token is of the app ${botApp}, the app-level token of ${appId}`;
        const remedy = `Copy both tokens from the page of one app under ${pages}.`;
        return [{ what, state: 'fault', found, remedy }];
      }
      if (word === 'hello') return [{ what, state: 'ok', found: 'connected', remedy: null }];
      if (word === 'link_disabled') return [told(what, { kind: 'refused', code: 'socket_mode_off' })];
      const remedy = 'Let this machine open wss:// connections, or declare `slack: { receive: http }`.';
      return [{ what, state: 'fault', found: word, remedy }];
    } catch (error) {
      return [told(what, toFailure(error))];
    }
  };

  return [...(await botToken()), ...(receive === 'socket' ? await socketMode() : [])];
};
