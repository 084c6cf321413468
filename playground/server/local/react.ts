import { z } from 'zod';
import { setReaction } from '../conversation/react.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';
import { findVisible } from './messages.ts';
import { LocalFault } from './request.ts';

export const reactBody = z.object({
  channel: z.string().min(1),
  ts: z.string().min(1),
  name: z.string().regex(/^[\p{L}\p{N}_+'-]{1,100}(::skin-tone-[2-6])?$/u, 'must be the name of an emoji'),
  on: z.boolean(),
});

/** Pressing twice is no fault: the page may be behind. */
export const react = (workspace: Workspace, person: Member, body: z.infer<typeof reactBody>): void => {
  const message = findVisible(workspace, person, body.channel, body.ts);
  if (message.subtype === 'tombstone') throw new LocalFault(404, 'message_not_found', 'The message was deleted.');
  setReaction(workspace, message, { added: body.on, name: body.name, user: person.id });
};
