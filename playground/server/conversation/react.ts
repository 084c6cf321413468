import { announceReaction } from '../events/announce.ts';
import type { StoredMessage } from '../state/messages.ts';
import type { Workspace } from '../workspace.ts';

/** Puts a reaction on a message or takes it off; false when it was so already. */
export const setReaction = (
  workspace: Workspace,
  message: StoredMessage,
  reaction: { added: boolean; name: string; user: string },
): boolean => {
  const { store } = workspace;
  const { channel, ts } = message;
  return store.transaction(() => {
    const { added, name, user } = reaction;
    const changed = added
      ? store.messages.react(channel, ts, name, user)
      : store.messages.unreact(channel, ts, name, user);
    if (changed) announceReaction(workspace, message, reaction);
    return changed;
  });
};
