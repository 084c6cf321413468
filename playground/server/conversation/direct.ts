import { announceChannel } from '../events/announce.ts';
import type { StoredChannel } from '../state/channels.ts';
import type { Workspace } from '../workspace.ts';

/** The direct messages between two, made when there are none. */
export const directWith = (workspace: Workspace, one: string, other: string): StoredChannel | undefined => {
  const { store, ids } = workspace;
  if (one === other || !store.people.find(other)) return undefined;
  return store.transaction(() => {
    const known = store.channels.findDirect(one, other);
    if (known) return known;
    const id = ids.of('D');
    store.channels.add({ id, name: '', kind: 'im', topic: '', members: [one, other] });
    announceChannel(workspace, id);
    return store.channels.find(id);
  });
};
