import type { AppTokens } from './config.ts';
import type { Problem } from './problems.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `tenkyo-search` → `TENKYO_SEARCH`. */
const variablePrefix = (app: string): string => app.toUpperCase().replace(/[^A-Z0-9]/g, '_');

/** What a variable says; null: nothing. */
export const value = (env: Environment, name: string): string | null => env[name]?.trim() || null;

/**
 * The Slack tokens of an app from `<APP>_BOT_TOKEN`, `<APP>_APP_TOKEN`, `<APP>_SIGNING_SECRET`; null when none is
 * set. A token of the wrong kind is a problem: the prefix tells (https://docs.slack.dev/authentication/tokens).
 */
export const appTokens = (app: string, env: Environment): { tokens: AppTokens | null; problems: Problem[] } => {
  const prefix = variablePrefix(app);
  const botToken = value(env, `${prefix}_BOT_TOKEN`);
  const appToken = value(env, `${prefix}_APP_TOKEN`);
  const signingSecret = value(env, `${prefix}_SIGNING_SECRET`);
  if (botToken === null && appToken === null && signingSecret === null) return { tokens: null, problems: [] };

  const problems: Problem[] = [];
  // The value of a secret is never shown, only its kind.
  if (!botToken?.startsWith('xoxb-')) {
    problems.push({
      path: `${prefix}_BOT_TOKEN`,
      found: botToken === null ? 'nothing' : 'another kind of token',
      expected: 'a bot token (xoxb-…)',
    });
  }
  if (!appToken?.startsWith('xapp-')) {
    problems.push({
      path: `${prefix}_APP_TOKEN`,
      found: appToken === null ? 'nothing' : 'another kind of token',
      expected: 'an app-level token (xapp-…)',
    });
  }
  return {
    tokens: problems.length === 0 && botToken !== null ? { botToken, appToken, signingSecret } : null,
    problems,
  };
};
