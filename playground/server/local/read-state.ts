import { z } from 'zod';
import type { HomeTab } from '../../protocol/page.ts';
import type { Channel } from '../../protocol/people.ts';
import { directWith } from '../conversation/direct.ts';
import { announceHomeOpened } from '../events/announce.ts';
import { pageChannel } from '../live/page-people.ts';
import { pageView } from '../live/page-view.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';
import { findJoined, LocalFault } from './request.ts';

export const markRead = z.object({ channel: z.string().min(1), ts: z.string().regex(/^\d{10}\.\d{6}$/) });
export const openDirect = z.object({ with: z.string().min(1) });

/** The person has seen the channel up to a message; their other pages learn it too. */
export const read = (workspace: Workspace, person: Member, { channel: id, ts }: z.infer<typeof markRead>): void => {
  const { store, live } = workspace;
  const channel = findJoined(workspace, person, id);
  store.transaction(() => store.channels.markRead(id, person.id, ts));
  live.send([person.id], { type: 'channel', channel: pageChannel(workspace, channel, person.id) });
};

/** The person opens the direct messages with somebody; an app hears that its home was opened. */
export const open = (workspace: Workspace, person: Member, { with: other }: z.infer<typeof openDirect>): Channel => {
  const { store } = workspace;
  return store.transaction(() => {
    const channel = directWith(workspace, person.id, other);
    if (!channel) throw new LocalFault(404, 'person_not_found', 'There is nobody of that id to write to.');
    announceHomeOpened(workspace, channel, person.id);
    return pageChannel(workspace, channel, person.id);
  });
};

/** The person opens the Home tab of an app: it shows what it showed last, and what the app publishes now arrives live. */
export const openHome = (
  workspace: Workspace,
  person: Member,
  { with: other }: z.infer<typeof openDirect>,
): HomeTab => {
  const { store } = workspace;
  return store.transaction(() => {
    const channel = directWith(workspace, person.id, other);
    const app = store.apps.list().find(({ userId }) => userId === other);
    if (!channel || !app) throw new LocalFault(404, 'person_not_found', 'There is no app of that id.');
    const known = store.views.findHome(app.id, person.id);
    announceHomeOpened(workspace, channel, person.id, 'home');
    return { view: known ? pageView(known) : null };
  });
};
