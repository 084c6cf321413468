import { join } from '../conversation/join.ts';
import { SlackFault } from '../slack-fault.ts';
import { conversation } from './conversations-shape.ts';
import { findChannel } from './find.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/conversations.join */
export const conversationsJoin: Method = (call) => {
  const { workspace, app } = call;
  const channel = findChannel(call);
  if (channel.kind === 'im') throw new SlackFault('method_not_supported_for_channel_type');
  const joined = join(workspace, channel.id, app.userId, null);
  const now = workspace.store.channels.find(channel.id) ?? channel;
  return {
    channel: conversation(call, now),
    ...(joined ? {} : { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }),
  };
};
