import { TenkyoError } from '../../src/errors.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { runRole } from './run-role.ts';

const bots = (cli: Cli, asked: readonly string[], options: CommonOptions): Promise<void> =>
  runRole(cli, 'bots', options, async (role, { apps }) => {
    const names = apps.map(({ name }) => name);
    const unknown = asked.filter((name) => !names.includes(name));
    if (unknown.length > 0) {
      throw new TenkyoError('usage', 'no such app', {
        expected: names.join(', '),
        found: unknown.join(', '),
        remedy: 'Name configured apps, or none for all of them.',
      });
    }
    const { startBotRole } = await import('../compose/start-bot-role.ts');
    const chosen = asked.length > 0 ? asked : names;
    await startBotRole({ ...role, apps: chosen });
    return `Tenkyo's bots are ready: ${chosen.join(', ')}`;
  });

export const registerBots: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('bots')
      .description('The Slack apps as a process of their own (needs Redis and PostgreSQL)')
      .argument('[apps...]', 'apps to connect (default: all)'),
  ).action((apps: string[], options: CommonOptions) => bots(cli, apps, options));
};
