import { z } from 'zod';
import type { Message } from '../../protocol/messages.ts';
import { change, remove } from '../conversation/post.ts';
import { pageMessage } from '../live/page-message.ts';
import type { StoredMessage } from '../state/messages.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';
import { mentionByName } from './mention-by-name.ts';
import { findVisible, writtenText } from './messages.ts';
import { LocalFault } from './request.ts';

export const editMessage = z.object({ channel: z.string().min(1), ts: z.string().min(1), text: writtenText });
export const deleteMessage = z.object({ channel: z.string().min(1), ts: z.string().min(1) });

/** As in Slack, people change and delete what they wrote themselves, and nothing else. */
const findOwn = (
  workspace: Workspace,
  person: Member,
  { channel, ts }: z.infer<typeof deleteMessage>,
): StoredMessage => {
  const message = findVisible(workspace, person, channel, ts);
  if (message.user !== person.id || message.subtype === 'tombstone' || message.subtype === 'channel_join') {
    throw new LocalFault(403, 'not_yours', 'One can change and delete only what one wrote oneself.');
  }
  return message;
};

export const edit = (workspace: Workspace, person: Member, body: z.infer<typeof editMessage>): Message => {
  const { store } = workspace;
  return store.transaction(() => {
    const before = findOwn(workspace, person, body);
    const edited = { user: person.id, ts: store.channels.nextTs(body.channel) };
    const after = { ...before, text: mentionByName(body.text, store.apps.list()), edited };
    change(workspace, before, after);
    return pageMessage(workspace, after);
  });
};

export const deleteOwn = (workspace: Workspace, person: Member, body: z.infer<typeof deleteMessage>): void =>
  workspace.store.transaction(() => remove(workspace, findOwn(workspace, person, body)));
