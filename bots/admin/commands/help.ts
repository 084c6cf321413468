import type { Texts } from '../../../src/i18n/texts.ts';
import type { CommandCall, SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';

/** A sub-command as one types it. */
export const usageOf = (command: string, { name, usage }: Pick<SubCommand, 'name' | 'usage'>): string =>
  `\`${[command, name, usage].filter(Boolean).join(' ')}\``;

/** The sub-commands that a person may use, one a line. */
export const helpLines = (
  command: string,
  table: readonly SubCommand[],
  { admin }: Pick<CommandCall, 'admin'>,
  { commands }: Texts,
): string[] => [
  `*${commands.helpTitle}*`,
  ...table
    .filter(({ who }) => admin || who === 'everybody')
    .map((one) => `${usageOf(command, one)}  ${commands.what[one.name]}`),
];

/** `/tenkyo help` */
export const helpCommand = (command: string, table: () => readonly SubCommand[]): SubCommand => ({
  name: 'help',
  who: 'everybody',
  usage: '',
  run: async (call) => linesMessage(helpLines(command, table(), call, call.texts)),
});
