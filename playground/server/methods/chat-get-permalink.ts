import { findChannel, findMessage } from './find.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/chat.getPermalink */
export const chatGetPermalink: Method = (call) => {
  const channel = findChannel(call);
  const { ts, threadTs } = findMessage(call, channel, 'message_ts');
  const thread = threadTs === null ? '' : `?thread_ts=${threadTs}&cid=${channel.id}`;
  return {
    channel: channel.id,
    permalink: `${call.workspace.address()}/archives/${channel.id}/p${ts.replace('.', '')}${thread}`,
  };
};
