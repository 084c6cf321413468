import { POST_TEXT } from '../../../src/slack/limits.ts';
import { whisper } from '../conversation/post.ts';
import { SlackFault } from '../slack-fault.ts';
import { readContent } from './content.ts';
import { findOwnChannel, findThread } from './find.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/chat.postEphemeral */
export const chatPostEphemeral: Method = (call) => {
  const { workspace, app, args } = call;
  const channel = findOwnChannel(call);
  const person = args.requiredText('user');
  if (!channel.members.includes(person)) throw new SlackFault('user_not_in_channel');
  const { text, blocks, markdown } = readContent(call);
  const message = whisper(
    workspace,
    {
      channel: channel.id,
      user: app.userId,
      appId: app.id,
      threadTs: findThread(call, channel),
      text: text.slice(0, POST_TEXT),
      blocks,
      markdown,
    },
    person,
  );
  return { message_ts: message.ts };
};
