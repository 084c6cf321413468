import { remove } from '../conversation/post.ts';
import { SlackFault } from '../slack-fault.ts';
import { findChannel, findMessage } from './find.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/chat.delete */
export const chatDelete: Method = (call) => {
  const { workspace, app } = call;
  const channel = findChannel(call);
  const message = findMessage(call, channel);
  const streaming = message.streamUntil !== null && message.streamUntil > workspace.clock.now();
  if (message.appId !== app.id || streaming) throw new SlackFault('cant_delete_message');
  remove(workspace, message);
  return { channel: channel.id, ts: message.ts };
};
