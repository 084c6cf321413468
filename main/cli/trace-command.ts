import type { Command } from 'commander';

/** The command that `trace document`, `trace iteration` and `trace text` hang from; made by whoever comes first. */
export const traceCommand = (program: Command): Command =>
  program.commands.find((command) => command.name() === 'trace') ??
  program.command('trace').description('From a document, an iteration or a text to what the training read');
