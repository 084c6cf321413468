import { openChannel, type Settings } from '../../../src/access/settings.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import type { SettingValues } from '../../../src/store/admin-records.ts';
import type { Store } from '../../../src/store/store.ts';
import { auditedBy, type CommandCall, type CommandName, type SubCommand } from '../command.ts';
import { channelLink, readChannel } from '../names.ts';
import { linesMessage } from '../present-page.ts';

type Change = { readonly channel: string } & Partial<SettingValues['channel']>;

export interface ChannelCommandsOptions {
  readonly store: Pick<Store, 'settings'>;
  readonly settings: Settings;
  readonly models: readonly string[];
}

/** `/tenkyo channel allow|deny|model`; without a channel it is the one where the command is given. */
export const channelCommands = ({ store, settings, models }: ChannelCommandsOptions): SubCommand[] => {
  const perform =
    (name: CommandName) =>
    async (args: unknown, call: CommandCall): Promise<ReturnType<typeof linesMessage>> => {
      const { channel, ...change } = args as Change;
      await store.settings.change(
        { kind: 'channel', key: channel },
        (before) => {
          const after = { ...(before ?? openChannel), ...change };
          return after.denied || after.model !== null ? after : null;
        },
        auditedBy(call, name, channel),
      );
      settings.forget();
      const { did } = call.texts.commands;
      const link = channelLink(channel);
      if (change.denied !== undefined) return linesMessage([did[change.denied ? 'deny' : 'allow'](link)]);
      const model = change.model ?? null;
      return linesMessage([did.channelModel(link, model && inlineText(model))]);
    };
  const channelOf = (word: string | undefined, { channel, client }: CommandCall): Promise<string | null> =>
    word === undefined ? Promise.resolve(channel) : readChannel(word, client);

  const allowing = (name: Extract<CommandName, 'channel allow' | 'channel deny'>, denied: boolean): SubCommand => ({
    name,
    who: 'admin',
    usage: '[#channel]',
    run: async (call) => {
      const { commands } = call.texts;
      const channel = await channelOf(call.words[0], call);
      if (channel === null) return linesMessage([commands.noChannel(inlineText(call.rest))]);
      return { confirm: commands.confirm[denied ? 'deny' : 'allow'](channelLink(channel)), args: { channel, denied } };
    },
    perform: perform(name),
  });
  const model: SubCommand = {
    name: 'channel model',
    who: 'admin',
    usage: '[#channel] MODEL|default',
    run: async (call) => {
      const { commands } = call.texts;
      const named = call.words.at(-1);
      if (named === undefined || call.words.length > 2) return null;
      if (named !== 'default' && !models.includes(named)) {
        return linesMessage([
          commands.noModel(
            inlineText(named),
            models.map((one) => inlineText(one)),
          ),
        ]);
      }
      const channel = await channelOf(call.words.length === 2 ? call.words[0] : undefined, call);
      if (channel === null) return linesMessage([commands.noChannel(inlineText(call.rest))]);
      const chosen = named === 'default' ? null : named;
      const confirm = commands.confirm.channelModel(channelLink(channel), chosen && inlineText(chosen));
      return { confirm, args: { channel, model: chosen } };
    },
    perform: perform('channel model'),
  };
  return [allowing('channel allow', false), allowing('channel deny', true), model];
};
