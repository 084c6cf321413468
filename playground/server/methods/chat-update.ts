import { UPDATE_TEXT } from '../../../src/slack/limits.ts';
import { change } from '../conversation/post.ts';
import { slackMessage } from '../events/slack-message.ts';
import { SlackFault } from '../slack-fault.ts';
import { readContent, readMetadata } from './content.ts';
import { findChannel, findMessage } from './find.ts';
import type { Method } from './method.ts';

/**
 * https://docs.slack.dev/reference/methods/chat.update
 * A text alone takes the blocks away and marks the message as edited; blocks leave no such mark.
 */
export const chatUpdate: Method = (call) => {
  const { workspace, app } = call;
  const channel = findChannel(call);
  const previous = findMessage(call, channel);
  if (previous.appId !== app.id) throw new SlackFault('cant_update_message');
  if (previous.streamUntil !== null && previous.streamUntil > workspace.clock.now()) {
    throw new SlackFault('streaming_state_conflict');
  }
  const { text, blocks, markdown } = readContent(call);
  if (!markdown && text.length > UPDATE_TEXT) throw new SlackFault('msg_too_long');
  const metadata = readMetadata(call);
  const message = {
    ...previous,
    text,
    blocks,
    markdown,
    metadata: metadata === undefined ? previous.metadata : metadata,
    streamUntil: null,
    edited: blocks.length > 0 ? previous.edited : { user: app.userId, ts: workspace.store.channels.nextTs(channel.id) },
  };
  change(workspace, previous, message);
  return {
    channel: channel.id,
    ts: message.ts,
    text,
    message: slackMessage(workspace, message, { withMetadata: true }),
  };
};
