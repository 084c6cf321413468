import { checkApp } from '../../bots/check-app.ts';
import type { Config } from '../../src/config/config.ts';
import { checkContent } from './check-content.ts';
import { checkData, checkNode, checkPorts } from './check-process.ts';
import { checkServers } from './check-servers.ts';
import { type Finding, findingOf } from './finding.ts';

/** Copied once too often: two entries of `apps` that are one app in Slack would each answer for the other. */
const sameTokens = (apps: Config['apps']): Finding[] =>
  apps.flatMap(({ name, tokens }, at) => {
    const twin = apps.slice(0, at).find((other) => tokens !== null && other.tokens?.botToken === tokens.botToken);
    if (!twin) return [];
    const found = `the same bot token as ${twin.name}`;
    const remedy = `Make an app of its own from \`tenkyo manifest ${name}\` and copy that one's tokens.`;
    return [{ area: 'slack', what: `${name}: tokens`, state: 'fault', found, remedy }];
  });

const checkSlack = async ({ apps, slack, slackApiUrl, admins, corpora }: Config): Promise<Finding[]> => {
  if (apps.every(({ tokens }) => tokens === null)) {
    const found = `none for ${apps.map(({ name }) => name).join(', ')}: the local workspace plays Slack`;
    return [{ area: 'slack', what: 'tokens', state: 'ok', found, remedy: null }];
  }
  const checks = await Promise.all(
    apps.map(async (app) =>
      app.tokens
        ? checkApp({ app, tokens: app.tokens, slackApiUrl, receive: slack.receive, groups: { admins, corpora } })
        : [],
    ),
  );
  return [...sameTokens(apps), ...checks.flat().map((check) => ({ area: 'slack', ...check }) as const)];
};

/**
 * Looks at everything that the configuration names, and changes nothing but making the data directory.
 *
 * @param load reads the configuration; where it refuses, nothing else can be looked at
 */
export const diagnose = async (load: () => Promise<Config>, { port }: { port: number }): Promise<Finding[]> => {
  const node = await checkNode();
  let config: Config;
  try {
    config = await load();
  } catch (error) {
    return [node, findingOf('configuration', 'configuration', error)];
  }
  const { finding: data, running } = await checkData(config);
  const [ports, slack, servers] = await Promise.all([
    checkPorts(config, { port, running: running !== null }),
    checkSlack(config),
    checkServers(config),
  ]);
  const declared: Finding = {
    area: 'configuration',
    what: 'configuration',
    state: 'ok',
    found: config.file,
    remedy: null,
  };
  // Without a data directory there is nothing to look for an index in.
  const content = data.state === 'fault' && !data.found.includes('in use') ? [] : await checkContent(config);
  return [node, declared, data, ...ports, ...slack, ...servers, ...content];
};
