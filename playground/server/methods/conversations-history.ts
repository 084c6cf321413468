import { slackMessage } from '../events/slack-message.ts';
import { findOwnChannel } from './find.ts';
import type { Method } from './method.ts';
import { nextCursor, readCursor, readLimit } from './paging.ts';
import { readRange } from './time-range.ts';

/** https://docs.slack.dev/reference/methods/conversations.history: newest first, roots only. */
export const conversationsHistory: Method = (call) => {
  const { workspace, args } = call;
  const channel = findOwnChannel(call);
  const limit = readLimit(args, 100, 999);
  const range = readRange(args);
  const before = readCursor(args) ?? range.before;
  const found = workspace.store.messages.roots(channel.id, { ...range, before, limit: limit + 1, newestFirst: true });
  const page = found.slice(0, limit);
  const hasMore = found.length > limit;
  return {
    messages: page.map((message) =>
      slackMessage(workspace, message, { withThread: true, withMetadata: args.flag('include_all_metadata') }),
    ),
    has_more: hasMore,
    pin_count: 0,
    ...nextCursor(hasMore ? page.at(-1)?.ts : undefined),
  };
};
