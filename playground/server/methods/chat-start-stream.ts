import { STREAM_LIFETIME_MS } from '../../../src/slack/limits.ts';
import { post } from '../conversation/post.ts';
import { watchStream } from '../conversation/stream.ts';
import { SlackFault } from '../slack-fault.ts';
import { findOwnChannel, findThread } from './find.ts';
import type { Method } from './method.ts';
import { checkSize, readAddition } from './stream-content.ts';

/** https://docs.slack.dev/reference/methods/chat.startStream */
export const chatStartStream: Method = (call) => {
  const { workspace, app, args } = call;
  const channel = findOwnChannel(call);
  if (channel.kind === 'channel') {
    const person = args.text('recipient_user_id');
    const team = args.text('recipient_team_id');
    if (!team) throw new SlackFault('missing_recipient_team_id');
    if (!person) throw new SlackFault('missing_recipient_user_id');
    if (team !== workspace.team.id || !workspace.store.people.find(person)) throw new SlackFault('user_not_found');
  }
  const addition = readAddition(call);
  checkSize(addition);
  const message = post(workspace, {
    channel: channel.id,
    user: app.userId,
    appId: app.id,
    threadTs: findThread(call, channel),
    text: addition.text,
    blocks: addition.blocks,
    markdown: true,
    streamUntil: workspace.clock.now() + STREAM_LIFETIME_MS,
  });
  workspace.store.afterCommit(() => watchStream(workspace, message));
  return { channel: channel.id, ts: message.ts };
};
