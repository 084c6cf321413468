import type { WebClient } from '@slack/web-api';
import type { Settings } from '../../../src/access/settings.ts';
import { asTenkyoError } from '../../../src/errors.ts';
import { section } from '../../../src/slack/blocks.ts';
import { escapeText, inlineText } from '../../../src/slack/escape.ts';
import type { Store } from '../../../src/store/store.ts';
import { auditedBy, type SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';

/** Room for the escapes in one section. */
const longest = 2_000;
const mostChannels = 200;

/** Channels that the app is in. */
const channelsOf = async (client: WebClient): Promise<string[]> => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { channels = [], response_metadata } = await client.users.conversations({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 200,
      cursor,
    });
    ids.push(...channels.flatMap(({ id }) => id ?? []));
    cursor = response_metadata?.next_cursor || undefined;
  } while (cursor && ids.length < mostChannels);
  return ids.slice(0, mostChannels);
};

/** `/tenkyo announce TEXT`: says it in every channel that the app is in and that is not denied. */
export const announceCommand = ({
  store,
  settings,
}: {
  readonly store: Pick<Store, 'audit'>;
  readonly settings: Settings;
}): SubCommand => {
  const targets = async (team: string, client: WebClient): Promise<string[]> => {
    const set = await settings.of(team);
    return (await channelsOf(client)).filter((channel) => !set.value('channel', channel)?.value.denied);
  };
  return {
    name: 'announce',
    who: 'admin',
    usage: 'TEXT',
    run: async ({ team, rest, client, texts: { commands, format } }) => {
      // Slack hands these three over as entities.
      const text = rest.trim().replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
      if (text === '') return null;
      if (escapeText(text).length > longest) return linesMessage([commands.tooLong(format.number(longest))]);
      const channels = await targets(team, client);
      return { confirm: `${commands.confirm.announce(channels.length)}\n>${inlineText(text, 500)}`, args: text };
    },
    perform: async (args, call) => {
      const text = String(args);
      const { client, texts } = call;
      const failed: string[] = [];
      const channels = await targets(call.team, client);
      for (const channel of channels) {
        try {
          const said = `📣 ${escapeText(text)}`;
          await client.chat.postMessage({
            channel,
            text: said,
            blocks: [section(said)],
            parse: 'none',
            link_names: false,
            unfurl_links: false,
            unfurl_media: false,
          });
        } catch (error) {
          failed.push(`${channel}: ${asTenkyoError(error).message}`);
        }
      }
      await store.audit.add({
        ...auditedBy(call, 'announce', null),
        outcome: channels.length > 0 && failed.length === channels.length ? 'failed' : 'done',
        reason: failed.length > 0 ? failed.join('; ').slice(0, 500) : null,
        before: null,
        after: { text, channels: channels.length - failed.length },
      });
      return linesMessage([texts.commands.announced(channels.length - failed.length, failed.length)]);
    },
  };
};
