import { POST_TEXT } from '../../../src/slack/limits.ts';
import { post } from '../conversation/post.ts';
import { slackMessage } from '../events/slack-message.ts';
import { readContent, readMetadata } from './content.ts';
import { findPlaceToPost, findThread } from './find.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const chatPostMessage: Method = (call) => {
  const { workspace, app } = call;
  const channel = findPlaceToPost(call);
  const { text, blocks, markdown } = readContent(call);
  const metadata = readMetadata(call) ?? null;
  const message = post(workspace, {
    channel: channel.id,
    user: app.userId,
    appId: app.id,
    threadTs: findThread(call, channel),
    text: text.slice(0, POST_TEXT),
    blocks,
    markdown,
    metadata,
  });
  const warnings = text.length > POST_TEXT ? ['message_truncated'] : [];
  return {
    channel: channel.id,
    ts: message.ts,
    message: slackMessage(workspace, message, { withMetadata: true }),
    ...(warnings.length > 0 ? { warning: warnings.join(','), response_metadata: { warnings } } : {}),
  };
};
