import type { Message } from '../../protocol/messages.ts';
import type { EphemeralMessage } from '../conversation/ephemerals.ts';
import type { StoredMessage } from '../state/messages.ts';
import type { Workspace } from '../workspace.ts';

/** A message as the page shows it. */
export const pageMessage = ({ store, clock }: Workspace, message: StoredMessage | EphemeralMessage): Message => {
  const { channel, ts, threadTs, user, text, blocks, edited, streamUntil, markdown, clientKey } = message;
  const thread = store.messages.thread(channel, ts);
  return {
    channel,
    ts,
    threadTs: threadTs ?? (thread.count > 0 ? ts : null),
    user,
    text,
    blocks,
    reactions: store.messages.reactions(channel, ts),
    replyCount: thread.count,
    replyUsers: thread.users,
    latestReply: thread.latest,
    edited: edited !== null,
    streaming: streamUntil !== null && streamUntil > clock.now(),
    ephemeralFor: 'ephemeralFor' in message ? message.ephemeralFor : null,
    clientKey,
    markdown,
    files: store.files.of(channel, ts).map(({ id, name, mimetype, size }) => ({ id, name, mimetype, size })),
  };
};
