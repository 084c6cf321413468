import type { HelpGroup } from '../../../src/i18n/commands.ts';
import type { Texts } from '../../../src/i18n/texts.ts';
import type { CommandCall, CommandName, SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';

/** A sub-command as one types it. */
export const usageOf = (command: string, { name, usage }: Pick<SubCommand, 'name' | 'usage'>): string =>
  `\`${[command, name, usage].filter(Boolean).join(' ')}\``;

/** Where a sub-command stands in help: by what it is about; those for everybody come first. */
const groupOf = ({ name, who }: Pick<SubCommand, 'name' | 'who'>): HelpGroup => {
  if (who === 'everybody') return 'everybody';
  const groups: Readonly<Partial<Record<CommandName, HelpGroup>>> = { jobs: 'answers', cancel: 'answers' };
  const group = groups[name];
  if (group) return group;
  if (name.startsWith('model ')) return 'models';
  if (name.startsWith('channel ')) return 'channels';
  if (name.startsWith('quota ') || name.startsWith('user ')) return 'people';
  if (name.startsWith('corpus ') || name === 'hide' || name === 'unhide') return 'data';
  return 'record';
};

const order: readonly HelpGroup[] = ['everybody', 'answers', 'models', 'channels', 'people', 'data', 'record'];

/** The sub-commands that a person may use, one a line; an admin's by what they are about. */
export const helpLines = (
  command: string,
  table: readonly SubCommand[],
  { admin }: Pick<CommandCall, 'admin'>,
  { commands }: Texts,
): string[] => {
  const lineOf = (one: SubCommand): string => `${usageOf(command, one)}  ${commands.what[one.name]}`;
  if (!admin) {
    const lines = table.filter(({ who }) => who === 'everybody').map(lineOf);
    return [`*${commands.helpTitle}*`, ...lines];
  }
  const groups = order.flatMap((group) => {
    const lines = table.filter((one) => groupOf(one) === group).map(lineOf);
    return lines.length === 0 ? [] : ['', `*${commands.groups[group]}*`, ...lines];
  });
  return [`*${commands.helpTitle}*`, ...groups];
};

/** `/tenkyo help` */
export const helpCommand = (command: string, table: () => readonly SubCommand[]): SubCommand => ({
  name: 'help',
  who: 'everybody',
  usage: '',
  run: async (call) => linesMessage(helpLines(command, table(), call, call.texts)),
});
