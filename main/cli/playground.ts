import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { parsePort } from './numbers.ts';
import { runRole } from './run-role.ts';

interface PlaygroundOptions extends CommonOptions {
  readonly port: number;
}

const playground = (cli: Cli, options: PlaygroundOptions): Promise<void> =>
  runRole(cli, 'playground', options, async (role) => {
    const { startPlaygroundRole } = await import('../compose/start-playground-role.ts');
    return `Tenkyo's local workspace is ready: ${await startPlaygroundRole({ ...role, port: options.port })}`;
  });

export const registerPlayground: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('playground')
      .description('The local workspace alone, for bots and workers of other processes (needs Redis and PostgreSQL)')
      .option('--port <number>', 'port to listen on; 0: any free one', parsePort, 3000),
  ).action((options: PlaygroundOptions) => playground(cli, options));
};
