import { z } from 'zod';
import { announceStopped } from '../events/announce.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';
import { findJoined, LocalFault } from './request.ts';

export const stopSession = z.object({
  channel: z.string().min(1),
  threadTs: z.string().min(1),
  user: z.string().min(1),
});

/** The person presses Stop beside an agent: its streams take no more text, and it is told to end its work. */
export const stop = (workspace: Workspace, person: Member, body: z.infer<typeof stopSession>): void => {
  const { store, sessions } = workspace;
  const { channel, threadTs, user } = body;
  findJoined(workspace, person, channel);
  if (!sessions.has(body)) throw new LocalFault(409, 'not_working', 'There is nothing to stop any more.');
  const streams = store.messages
    .openStreams()
    .filter((message) => message.channel === channel && message.threadTs === threadTs && message.user === user)
    .map(({ ts }) => ts);
  for (const ts of streams) sessions.cut(channel, ts);
  store.transaction(() => announceStopped(workspace, body, person.id, streams));
};
