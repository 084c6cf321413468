import type { Channel, Person } from '../../protocol/people.ts';
import type { StoredChannel } from '../state/channels.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';

export const pagePerson = ({ connections }: Workspace, member: Member): Person => ({
  id: member.id,
  name: member.name,
  displayName: member.displayName,
  locale: member.locale,
  isAdmin: member.isAdmin,
  isBot: member.appId !== null,
  appId: member.appId,
  color: member.color,
  online: member.appId === null || connections.isOnline(member.appId),
});

/** A channel as one of its members sees it. */
export const pageChannel = ({ store }: Workspace, channel: StoredChannel, viewer: string): Channel => {
  const { id, name, kind, topic, members, prompts } = channel;
  const other = kind === 'im' ? (members.find((member) => member !== viewer) ?? viewer) : null;
  return {
    id,
    name: other === null ? name : (store.people.find(other)?.displayName ?? other),
    kind,
    topic,
    members,
    with: other,
    unread: store.messages.latest(id) > store.channels.readUpTo(id, viewer),
    ...(prompts === null ? {} : { prompts }),
  };
};
