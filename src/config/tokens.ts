import type { AppTokens } from './config.ts';
import type { Problem } from './problems.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `tenkyo-search` → `TENKYO_SEARCH`. */
const variablePrefix = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '_');

/** What a variable says; null: nothing. */
export const value = (env: Environment, name: string): string | null => env[name]?.trim() || null;

/** What a secret is, without a word of it. */
const kindOf = (secret: string | null): string => {
  if (secret === null) return 'nothing';
  const kinds = { 'xoxb-': 'a bot token', 'xapp-': 'an app-level token', 'xoxp-': "a person's token" };
  return Object.entries(kinds).find(([prefix]) => secret.startsWith(prefix))?.[1] ?? 'another kind of token';
};

/** The key of a model's server, from `<MODEL>_API_KEY`; null: it asks for none. */
export const modelApiKey = (model: string, env: Environment): string | null =>
  value(env, `${variablePrefix(model)}_API_KEY`);

/**
 * The Slack tokens of an app from `<APP>_BOT_TOKEN`, `<APP>_APP_TOKEN`, `<APP>_SIGNING_SECRET`; null when none is
 * set. A token of the wrong kind is a problem: the prefix tells (https://docs.slack.dev/authentication/tokens).
 *
 * @param receive by which the signing secret or the app-level token is needed
 */
export const appTokens = (
  app: string,
  env: Environment,
  receive: 'socket' | 'http',
): { tokens: AppTokens | null; problems: Problem[] } => {
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
      found: kindOf(botToken),
      expected: 'a bot token (xoxb-…)',
    });
  }
  if (appToken === null ? receive === 'socket' : !appToken.startsWith('xapp-')) {
    problems.push({
      path: `${prefix}_APP_TOKEN`,
      found: kindOf(appToken),
      expected: 'an app-level token (xapp-…)',
    });
  }
  if (signingSecret === null ? receive === 'http' : /^xox|^xapp/.test(signingSecret)) {
    problems.push({
      path: `${prefix}_SIGNING_SECRET`,
      found: kindOf(signingSecret),
      expected: 'the signing secret of “Basic Information”',
    });
  }
  return {
    tokens: problems.length === 0 && botToken !== null ? { botToken, appToken, signingSecret } : null,
    problems,
  };
};
