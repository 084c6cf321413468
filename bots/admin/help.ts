import type { SubCommand } from './command.ts';

/** The sub-commands, one a line. */
export const helpText = (
  command: string,
  { helpTitle, commands }: Parameters<SubCommand['run']>[0]['texts']['admin'],
): string =>
  [`*${helpTitle}*`, ...Object.entries(commands).map(([name, what]) => `\`${command} ${name}\`  ${what}`)].join('\n');

/** `/tenkyo help` */
export const helpCommand = (command: string): SubCommand => ({
  name: 'help',
  run: async ({ texts }) => helpText(command, texts.admin),
});
