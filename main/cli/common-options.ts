import type { Command } from 'commander';

/** The options that every command takes; the action gets them as `CommonOptions`. */
export const withCommonOptions = (command: Command): Command =>
  command
    .option('--config <file>', 'configuration to use (default: tenkyo.yaml here, else the demonstration)')
    .option('--data <directory>', 'folder of everything that is written (default: TENKYO_DATA, else .tenkyo)')
    .option('--json', 'print JSON instead of text');
