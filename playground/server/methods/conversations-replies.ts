import { slackMessage } from '../events/slack-message.ts';
import { SlackFault } from '../slack-fault.ts';
import { findOwnChannel } from './find.ts';
import type { Method } from './method.ts';
import { nextCursor, readCursor, readLimit } from './paging.ts';
import { readRange } from './time-range.ts';

/**
 * https://docs.slack.dev/reference/methods/conversations.replies: the root, then its replies, oldest first; of a reply
 * that reply alone.
 */
export const conversationsReplies: Method = (call) => {
  const { workspace, args } = call;
  const { messages } = workspace.store;
  const channel = findOwnChannel(call);
  const named = messages.find(channel.id, args.requiredText('ts'));
  if (!named) throw new SlackFault('thread_not_found');
  const limit = readLimit(args, 1_000, 1_000);
  const range = readRange(args);
  const after = readCursor(args) ?? range.after;
  const found =
    named.threadTs === null
      ? messages.replies(channel.id, named.ts, { ...range, after, limit: limit + 1, newestFirst: false })
      : [];
  const room = readCursor(args) === undefined ? limit - 1 : limit;
  const page = found.slice(0, room);
  const hasMore = found.length > room;
  return {
    messages: [named, ...page].map((message) =>
      slackMessage(workspace, message, { withThread: true, withMetadata: args.flag('include_all_metadata') }),
    ),
    has_more: hasMore,
    ...nextCursor(hasMore ? (page.at(-1)?.ts ?? named.ts) : undefined),
  };
};
