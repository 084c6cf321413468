import type { Command } from 'commander';

/** The command that `eval retrieval` and its like hang from; made by whoever comes first. */
export const evalCommand = (program: Command): Command =>
  program.commands.find((command) => command.name() === 'eval') ??
  program.command('eval').description('How well searches, answers and citations do');
