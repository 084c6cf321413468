import type { Settings } from '../../../src/access/settings.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import type { Store } from '../../../src/store/store.ts';
import { auditedBy, type CommandName, type SubCommand } from '../command.ts';
import { readUser } from '../names.ts';
import { linesMessage } from '../present-page.ts';

/** `/tenkyo user ban|unban`. */
export const userCommands = ({
  store,
  settings,
}: {
  readonly store: Pick<Store, 'settings'>;
  readonly settings: Settings;
}): SubCommand[] => {
  const banning = (name: Extract<CommandName, 'user ban' | 'user unban'>, ban: boolean): SubCommand => ({
    name,
    who: 'admin',
    usage: ban ? '@user [reason]' : '@user',
    run: async ({ words: [word, ...reason], client, texts: { commands } }) => {
      if (word === undefined) return null;
      const user = await readUser(word, client);
      if (user === null) return linesMessage([commands.noPerson(inlineText(word))]);
      const args = { user, reason: reason.join(' ').slice(0, 500) || null };
      return { confirm: commands.confirm[ban ? 'ban' : 'unban'](`<@${user}>`), args };
    },
    perform: async (args, call) => {
      const { user, reason } = args as { user: string; reason: string | null };
      await store.settings.change(
        { kind: 'ban', key: user },
        () => (ban ? { reason } : null),
        auditedBy(call, name, user),
      );
      settings.forget();
      return linesMessage([call.texts.commands.did[ban ? 'ban' : 'unban'](`<@${user}>`)]);
    },
  });
  return [banning('user ban', true), banning('user unban', false)];
};
