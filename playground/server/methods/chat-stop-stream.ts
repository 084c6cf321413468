import { change } from '../conversation/post.ts';
import { extend } from '../conversation/stream.ts';
import { slackMessage } from '../events/slack-message.ts';
import { readBlocks, readMetadata } from './content.ts';
import type { Method } from './method.ts';
import { setSessionStatus } from './session-status.ts';
import { checkSize, findStream, readAddition } from './stream-content.ts';

/** https://docs.slack.dev/reference/methods/chat.stopStream: its text and blocks are added to what was streamed. */
export const chatStopStream: Method = (call) => {
  const { workspace } = call;
  const previous = findStream(call);
  const extended = extend(previous, readAddition(call));
  const message = {
    ...extended,
    blocks: [...extended.blocks, ...(readBlocks(call) ?? [])],
    metadata: readMetadata(call) ?? previous.metadata,
    streamUntil: null,
  };
  checkSize(message);
  change(workspace, previous, message);
  const session = call.args.text('session_status');
  if (session) {
    const { channel, threadTs, ts, user } = message;
    setSessionStatus(workspace, { channel, threadTs: threadTs ?? ts, user }, session);
  }
  return {
    channel: message.channel,
    ts: message.ts,
    message: slackMessage(workspace, message, { withMetadata: true }),
  };
};
