import { directWith } from '../conversation/direct.ts';
import { SlackFault } from '../slack-fault.ts';
import type { StoredChannel } from '../state/channels.ts';
import type { StoredMessage } from '../state/messages.ts';
import type { Call } from './method.ts';

/** The channel that the app names and may know of; a direct message of others is as good as none. */
export const findChannel = ({ workspace, app, args }: Call, name = 'channel'): StoredChannel => {
  const { channels } = workspace.store;
  const channel = channels.find(args.requiredText(name));
  if (!channel || (channel.kind === 'im' && !channel.members.includes(app.userId))) {
    throw new SlackFault('channel_not_found');
  }
  return channel;
};

/** The same, and the app's bot is in it. */
export const findOwnChannel = (call: Call, name = 'channel'): StoredChannel => {
  const channel = findChannel(call, name);
  if (!channel.members.includes(call.app.userId)) throw new SlackFault('not_in_channel');
  return channel;
};

/** Where to post: besides an id, `chat.postMessage` takes a channel's name and a person (their direct messages). */
export const findPlaceToPost = (call: Call): StoredChannel => {
  const { workspace, app, args } = call;
  const named = args.requiredText('channel');
  const { channels, people } = workspace.store;
  const byName = channels.find(named) ?? channels.findByName(named.replace(/^#/, ''));
  const person = people.find(named);
  const channel = byName ?? (person && directWith(workspace, app.userId, person.id));
  if (!channel || (channel.kind === 'im' && !channel.members.includes(app.userId))) {
    throw new SlackFault('channel_not_found');
  }
  if (!channel.members.includes(app.userId)) throw new SlackFault('not_in_channel');
  return channel;
};

export const findMessage = ({ workspace, args }: Call, channel: StoredChannel, name = 'ts'): StoredMessage => {
  const message = workspace.store.messages.find(channel.id, args.requiredText(name));
  if (!message || message.subtype === 'tombstone') throw new SlackFault('message_not_found');
  return message;
};

/** The root of the thread that `thread_ts` names (by its root or by a reply); null when there is none in the call. */
export const findThread = ({ workspace, args }: Call, channel: StoredChannel): string | null => {
  const ts = args.text('thread_ts');
  if (ts === undefined || ts === '') return null;
  const message = workspace.store.messages.find(channel.id, ts);
  if (!message) throw new SlackFault('thread_not_found');
  return message.threadTs ?? message.ts;
};
