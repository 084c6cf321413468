import type { Message, MessagePage, Reaction } from '../../protocol/messages.ts';
import type { State } from './state.ts';

type Messages = State['messages'][string];

export const isRoot = ({ ts, threadTs }: Message): boolean => threadTs === null || threadTs === ts;

const byTs = (one: Message, other: Message): number => (one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0);

/** A channel's own messages, oldest first. */
export const rootsOf = (messages: Messages | undefined): Message[] =>
  Object.values(messages ?? {})
    .filter(isRoot)
    .sort(byTs);

/** A thread's messages, its root first. */
export const threadOf = (messages: Messages | undefined, thread: string): Message[] =>
  Object.values(messages ?? {})
    .filter(({ ts, threadTs }) => ts === thread || threadTs === thread)
    .sort(byTs);

/** The message as the server says it is; the key under which the person sent it is kept, so that it is drawn in place. */
export const putMessage = (messages: Messages, message: Message): Messages => ({
  ...messages,
  [message.ts]: { ...message, clientKey: message.clientKey ?? messages[message.ts]?.clientKey ?? null },
});

export const withoutMessage = (messages: Messages, ts: string): Messages => {
  const { [ts]: _gone, ...rest } = messages;
  return rest;
};

/**
 * What a page of history makes of the messages that are there: those in its range that it does not hold any more are
 * dropped (they were deleted while nobody listened), except what only lives in this page (ephemeral ones) and what
 * came live while it was on its way (`fresh`).
 *
 * @param before the page's upper end; null: it reaches to now
 */
export const mergePage = (
  messages: Messages,
  page: MessagePage,
  scope: { readonly thread: string | null; readonly before: string | null; readonly fresh: ReadonlySet<string> },
): Messages => {
  // A page of a thread begins with the root, whatever lies between it and the replies.
  const oldest = page.messages[scope.thread === null ? 0 : 1];
  const first = page.hasMore ? (oldest?.ts ?? '') : '';
  const covered = (message: Message): boolean =>
    message.ephemeralFor === null &&
    !scope.fresh.has(message.ts) &&
    (message.ts >= first || message.ts === scope.thread) &&
    (scope.before === null || message.ts < scope.before) &&
    (scope.thread === null ? isRoot(message) : message.threadTs === scope.thread || message.ts === scope.thread);
  let merged: Messages = Object.fromEntries(Object.entries(messages).filter(([, message]) => !covered(message)));
  for (const message of page.messages) {
    if (scope.fresh.has(message.ts) && messages[message.ts]) continue;
    merged = putMessage(merged, { ...message, clientKey: messages[message.ts]?.clientKey ?? message.clientKey });
  }
  return merged;
};

/** The reactions with one person's added or taken away. */
export const withReaction = (
  reactions: readonly Reaction[],
  { name, user, on }: { readonly name: string; readonly user: string; readonly on: boolean },
): Reaction[] => {
  const there = reactions.find((reaction) => reaction.name === name);
  if (!there) return on ? [...reactions, { name, users: [user] }] : [...reactions];
  const others = there.users.filter((each) => each !== user);
  const users = on ? [...others, user] : others;
  return reactions.flatMap((reaction) =>
    reaction.name !== name ? [reaction] : users.length > 0 ? [{ name, users }] : [],
  );
};
