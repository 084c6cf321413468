import type { Session } from '../conversation/sessions.ts';
import { slackView } from '../interaction/slack-view.ts';
import { pageMessage } from '../live/page-message.ts';
import { pageChannel } from '../live/page-people.ts';
import type { StoredChannel } from '../state/channels.ts';
import type { StoredMessage } from '../state/messages.ts';
import type { Workspace } from '../workspace.ts';
import { appsIn, type SlackEvent, sendEvent } from './event-callback.ts';
import { slackMessage } from './slack-message.ts';

/** What happened in a channel is told to the apps (by events) and to the pages (live), after it is on disk. */
const channelOf = ({ store }: Workspace, id: string): StoredChannel => store.channels.find(id) as StoredChannel;

const channelType = (channel: StoredChannel): string => (channel.kind === 'im' ? 'im' : 'channel');

const toPages = (workspace: Workspace, message: StoredMessage): void => {
  const { store, live } = workspace;
  store.afterCommit(() => {
    live.send(channelOf(workspace, message.channel).members, {
      type: 'message',
      message: pageMessage(workspace, message),
    });
  });
};

/** A reply changes its root: count, people, newest. */
const rootToPages = (workspace: Workspace, { channel, threadTs }: StoredMessage): void => {
  const root = threadTs === null ? undefined : workspace.store.messages.find(channel, threadTs);
  if (root) toPages(workspace, root);
};

const mentions = (text: string, user: string): boolean => text.includes(`<@${user}>`) || text.includes(`<@${user}|`);

export const announceChannel = (workspace: Workspace, id: string): void => {
  const { store, live } = workspace;
  store.afterCommit(() => {
    const channel = channelOf(workspace, id);
    for (const member of channel.members) {
      live.send([member], { type: 'channel', channel: pageChannel(workspace, channel, member) });
    }
  });
};

export const announcePosted = (workspace: Workspace, message: StoredMessage): void => {
  const channel = channelOf(workspace, message.channel);
  const shape = slackMessage(workspace, message);
  for (const app of appsIn(workspace, channel.id)) {
    const event = { ...shape, channel: channel.id, event_ts: message.ts };
    // Slack sends a mention twice, as what it is and as the message it is in; in a direct message only the latter.
    const written = message.subtype === null || message.subtype === 'file_share';
    const foreign = written && message.user !== app.userId;
    if (channel.kind === 'channel' && foreign && mentions(message.text, app.userId)) {
      sendEvent(workspace, app, { ...event, type: 'app_mention' });
    }
    sendEvent(workspace, app, { ...event, type: 'message', channel_type: channelType(channel) });
  }
  toPages(workspace, message);
  rootToPages(workspace, message);
  if (message.threadTs === null) announceChannel(workspace, channel.id);
};

export const announceChanged = (workspace: Workspace, message: StoredMessage, previous: StoredMessage): void => {
  const channel = channelOf(workspace, message.channel);
  const event: SlackEvent = {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    channel: channel.id,
    channel_type: channelType(channel),
    ts: message.edited?.ts ?? message.ts,
    event_ts: message.edited?.ts ?? message.ts,
    message: slackMessage(workspace, message),
    previous_message: slackMessage(workspace, previous),
  };
  for (const app of appsIn(workspace, channel.id)) sendEvent(workspace, app, event);
  toPages(workspace, message);
};

/** `remains`: what stands in the place of a deleted root that has replies. */
export const announceDeleted = (workspace: Workspace, deleted: StoredMessage, remains: StoredMessage | null): void => {
  const { store, live } = workspace;
  const channel = channelOf(workspace, deleted.channel);
  const ts = store.channels.nextTs(channel.id);
  const event: SlackEvent = {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    channel: channel.id,
    channel_type: channelType(channel),
    ts,
    event_ts: ts,
    deleted_ts: deleted.ts,
    previous_message: slackMessage(workspace, deleted),
  };
  for (const app of appsIn(workspace, channel.id)) sendEvent(workspace, app, event);
  if (remains) toPages(workspace, remains);
  else {
    store.afterCommit(() => {
      live.send(channel.members, { type: 'message_deleted', channel: deleted.channel, ts: deleted.ts });
    });
  }
  rootToPages(workspace, deleted);
};

export const announceReaction = (
  workspace: Workspace,
  message: StoredMessage,
  { added, name, user }: { added: boolean; name: string; user: string },
): void => {
  const event: SlackEvent = {
    type: added ? 'reaction_added' : 'reaction_removed',
    user,
    reaction: name,
    item_user: message.user,
    item: { type: 'message', channel: message.channel, ts: message.ts },
    event_ts: workspace.store.channels.nextTs(message.channel),
  };
  for (const app of appsIn(workspace, message.channel)) sendEvent(workspace, app, event);
  toPages(workspace, message);
};

export const announceJoined = (workspace: Workspace, id: string, user: string, inviter: string | null): void => {
  const { store, team } = workspace;
  const event: SlackEvent = {
    type: 'member_joined_channel',
    user,
    channel: id,
    channel_type: 'C',
    team: team.id,
    ...(inviter === null ? {} : { inviter }),
    event_ts: store.channels.nextTs(id),
  };
  for (const app of appsIn(workspace, id)) sendEvent(workspace, app, event);
  announceChannel(workspace, id);
};

/** A person stopped an agent: https://docs.slack.dev/reference/events/agent_session_stopped */
export const announceStopped = (
  workspace: Workspace,
  { channel, threadTs, user }: Session,
  person: string,
  streams: readonly string[],
): void => {
  const app = appsIn(workspace, channel).find(({ userId }) => userId === user);
  if (!app) return;
  sendEvent(workspace, app, {
    type: 'agent_session_stopped',
    channel,
    user: person,
    thread_ts: threadTs,
    streaming_message_ts: streams,
    event_ts: workspace.store.channels.nextTs(channel),
  });
};

/** A person opened the messages or the Home tab of an app: https://docs.slack.dev/reference/events/app_home_opened */
export const announceHomeOpened = (
  workspace: Workspace,
  channel: StoredChannel,
  person: string,
  tab: 'messages' | 'home' = 'messages',
): void => {
  const [app] = appsIn(workspace, channel.id);
  if (channel.kind !== 'im' || !app) return;
  const known = workspace.store.views.findHome(app.id, person);
  sendEvent(workspace, app, {
    type: 'app_home_opened',
    user: person,
    channel: channel.id,
    tab,
    ...(tab === 'home' && known ? { view: slackView(workspace, known) } : {}),
    event_ts: workspace.store.channels.nextTs(channel.id),
  });
};
