import { announceJoined } from '../events/announce.ts';
import type { Workspace } from '../workspace.ts';
import { post } from './post.ts';

/** Puts someone into a channel, with the line that says so; false when they were in it. */
export const join = (workspace: Workspace, channel: string, user: string, inviter: string | null): boolean => {
  const { store } = workspace;
  return store.transaction(() => {
    if (!store.channels.join(channel, user)) return false;
    announceJoined(workspace, channel, user, inviter);
    post(workspace, {
      channel,
      user,
      appId: store.people.find(user)?.appId ?? null,
      threadTs: null,
      text: `<@${user}> has joined the channel`,
      subtype: 'channel_join',
    });
    return true;
  });
};
