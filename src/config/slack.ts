import type { SlackConfig } from './config.ts';
import { listenFrom } from './listen.ts';
import type { Problem } from './problems.ts';
import type { SlackDeclared } from './slack-schema.ts';
import type { Environment } from './tokens.ts';

const usualListen = { host: '127.0.0.1', port: 3030 };

/**
 * How events arrive, as declared, and where this process listens for them (`SLACK_LISTEN`).
 *
 * @param problems what is wrong is added here
 */
export const slackFrom = (declared: SlackDeclared, env: Environment, problems: Problem[]): SlackConfig => {
  const listen = listenFrom(env, 'SLACK_LISTEN', problems) ?? usualListen;
  if (declared.receive === 'socket') return { receive: 'socket' };
  if (declared.publicUrl === null) {
    problems.push({
      path: 'slack.publicUrl',
      found: 'nothing',
      expected: 'the https address under which Slack reaches the bots',
    });
  }
  return { receive: 'http', publicUrl: declared.publicUrl ?? '', bodyLimit: declared.bodyLimit, listen };
};

/** The path of an app's requests, the same for events, commands and buttons. */
export const requestPath = (app: string): string => `/slack/${app}/events`;
