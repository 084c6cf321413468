import type { WebClient } from '@slack/web-api';

const pageSize = 200;
const mostPages = 10;

/** Looks through pages of Slack's lists for a name. */
const search = async <Item>(
  pageOf: (cursor: string | undefined) => Promise<{ items: readonly Item[]; next: string | undefined }>,
  fits: (item: Item) => boolean,
): Promise<Item | null> => {
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, next } = await pageOf(cursor);
    const found = items.find(fits);
    if (found) return found;
    if (!next) return null;
    cursor = next;
  }
  return null;
};

/** The person that a word names: a mention, an id or `@name`; null: nobody. */
export const readUser = async (word: string, client: WebClient): Promise<string | null> => {
  const id = /^(?:<@)?([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?$/.exec(word)?.[1];
  if (id) return id;
  const name = /^@([^\s<>]+)$/.exec(word)?.[1]?.toLowerCase();
  if (!name) return null;
  const found = await search(
    async (cursor) => {
      const { members = [], response_metadata } = await client.users.list({ limit: pageSize, cursor });
      return { items: members, next: response_metadata?.next_cursor };
    },
    ({ name: own, profile, deleted }) => !deleted && (own === name || profile?.display_name?.toLowerCase() === name),
  );
  return found?.id ?? null;
};

/** The channel that a word names: a link, an id or `#name`; null: none that the app can see. */
export const readChannel = async (word: string, client: WebClient): Promise<string | null> => {
  const id = /^(?:<#)?([CGD][A-Z0-9]{2,})(?:\|[^>]*)?>?$/.exec(word)?.[1];
  if (id) return id;
  const name = /^#([^\s<>]+)$/.exec(word)?.[1];
  if (!name) return null;
  const found = await search(
    async (cursor) => {
      const query = { limit: pageSize, cursor, exclude_archived: true, types: 'public_channel,private_channel' };
      const { channels = [], response_metadata } = await client.conversations.list(query);
      return { items: channels, next: response_metadata?.next_cursor };
    },
    (channel) => channel.name === name,
  );
  return found?.id ?? null;
};

/** A channel in mrkdwn; a direct message has no link. */
export const channelLink = (channel: string): string => (channel.startsWith('D') ? `\`${channel}\`` : `<#${channel}>`);
