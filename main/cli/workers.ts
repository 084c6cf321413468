import { allQueues, parseQueues } from '../compose/worker-queues.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { indexingNotes } from './indexing-notes.ts';
import { runRole } from './run-role.ts';

interface WorkersOptions extends CommonOptions {
  readonly queues?: string;
}

const workers = (cli: Cli, options: WorkersOptions): Promise<void> =>
  runRole(cli, 'workers', options, async (role, config) => {
    const queues = options.queues === undefined ? allQueues(config) : parseQueues(options.queues, config);
    const { startWorkerRole } = await import('../compose/start-worker-role.ts');
    await startWorkerRole({ ...role, queues, onIndexing: indexingNotes(cli) });
    const { generate, search, index } = queues;
    const names = [...generate.map((name) => `generate:${name}`), search && 'search', index && 'index'];
    return `Tenkyo's workers are ready: ${names.filter(Boolean).join(', ')}`;
  });

export const registerWorkers: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('workers')
      .description('The work of the queues as a process of its own (needs Redis and PostgreSQL)')
      .option('--queues <list>', 'generate:MODEL,search,index (default: all)'),
  ).action((options: WorkersOptions) => workers(cli, options));
};
