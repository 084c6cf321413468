import { createManifest, manifestText } from '../../bots/manifest/manifest.ts';
import { botScopes } from '../../bots/manifest/needs.ts';
import { requestPath } from '../../src/config/slack.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';

/** `tenkyo manifest APP`: what to paste at https://api.slack.com/apps. */
export const registerManifest: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('manifest')
      .description('The Slack app manifest to paste at https://api.slack.com/apps, every scope explained')
      .argument('<app>', 'name of a configured app'),
  ).action(async (name: string, options: CommonOptions) => {
    const config = await cli.config(options);
    const app = config.apps.find((one) => one.name === name);
    if (!app) {
      throw new TenkyoError('usage', 'no such app', {
        where: config.file,
        found: name,
        expected: config.apps.map((one) => one.name).join(', '),
        remedy: 'Name one of the configured apps.',
      });
    }
    const { admins, corpora, suggestions, slack } = config;
    const manifest = createManifest({
      app,
      admins,
      corpora,
      suggestions,
      requestUrl: slack.receive === 'http' ? new URL(requestPath(name), slack.publicUrl).href : null,
    });
    if (options.json) cli.json(manifest);
    else cli.print(manifestText(manifest, botScopes(app.roles, { admins, corpora })).trimEnd());
  });
};
