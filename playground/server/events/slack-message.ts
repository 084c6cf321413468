import { createHash } from 'node:crypto';
import type { StoredMessage } from '../state/messages.ts';
import type { Workspace } from '../workspace.ts';
import { slackFile } from './slack-file.ts';

/** A UUID that is the same for every delivery of a message: made from where it stands. */
const clientMessageId = ({ channel, ts }: StoredMessage): string =>
  createHash('sha256')
    .update(`${channel} ${ts}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** How Slack names the people in an app's message: its bot, and who that is. */
const botFields = ({ store, team }: Workspace, appId: string | null): Record<string, unknown> => {
  const app = appId === null ? undefined : store.apps.find(appId);
  if (!app) return {};
  return {
    bot_id: app.botId,
    app_id: app.id,
    bot_profile: {
      id: app.botId,
      app_id: app.id,
      user_id: app.userId,
      name: app.name,
      deleted: false,
      team_id: team.id,
    },
  };
};

const parentOf = ({ store }: Workspace, channel: string, threadTs: string): Record<string, unknown> => {
  const parent = store.messages.find(channel, threadTs);
  return parent ? { parent_user_id: parent.user } : {};
};

/** Text that is Markdown is a block of its own for Slack, above the blocks that were added to it. */
const slackBlocks = ({ markdown, text, blocks }: StoredMessage): Record<string, unknown>[] =>
  markdown && text !== '' ? [{ type: 'markdown', text }, ...blocks] : [...blocks];

/** A message as the Web API and the events carry it: https://docs.slack.dev/reference/events/message */
export const slackMessage = (
  workspace: Workspace,
  message: StoredMessage,
  { withMetadata = false, withThread = false }: { withMetadata?: boolean; withThread?: boolean } = {},
): Record<string, unknown> => {
  const { store, team } = workspace;
  const { channel, ts, threadTs } = message;
  const blocks = slackBlocks(message);
  const thread = store.messages.thread(channel, ts);
  const files = store.files.of(channel, ts);
  const reactions = withThread ? store.messages.reactions(channel, ts) : [];
  return {
    type: 'message',
    ...(message.subtype === null ? {} : { subtype: message.subtype }),
    user: message.user,
    ts,
    text: message.text,
    team: team.id,
    ...(message.appId === null && message.subtype === null ? { client_msg_id: clientMessageId(message) } : {}),
    ...botFields(workspace, message.appId),
    ...(blocks.length > 0 ? { blocks } : {}),
    ...(files.length > 0 ? { files: files.map((file) => slackFile(workspace, file)), upload: false } : {}),
    ...(message.streamUntil === null ? {} : { streaming_state: 'in_progress' }),
    ...(message.edited === null ? {} : { edited: message.edited }),
    ...(withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
    ...(threadTs === null ? {} : { thread_ts: threadTs }),
    ...(threadTs === null ? {} : parentOf(workspace, channel, threadTs)),
    ...(withThread && thread.count > 0
      ? {
          thread_ts: ts,
          reply_count: thread.count,
          reply_users_count: thread.users.length,
          reply_users: thread.users.slice(0, 5),
          latest_reply: thread.latest,
          is_locked: false,
          subscribed: false,
        }
      : {}),
    ...(reactions.length > 0
      ? { reactions: reactions.map(({ name, users }) => ({ name, users, count: users.length })) }
      : {}),
  };
};
