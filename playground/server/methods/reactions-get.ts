import { slackMessage } from '../events/slack-message.ts';
import { findMessage, findOwnChannel } from './find.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/reactions.get */
export const reactionsGet: Method = (call) => {
  const channel = findOwnChannel(call);
  const message = findMessage(call, channel, 'timestamp');
  return { type: 'message', channel: channel.id, message: slackMessage(call.workspace, message, { withThread: true }) };
};
