import { SlackFault } from '../slack-fault.ts';
import type { StoredMessage } from '../state/messages.ts';
import { findMessage, findOwnChannel } from './find.ts';
import type { Call } from './method.ts';

/** What `reactions.add` and `reactions.remove` are called with. */
export const readReaction = (call: Call): { name: string; message: StoredMessage; user: string } => {
  const name = call.args.requiredText('name').replace(/^:|:$/g, '');
  if (!/^[\p{L}\p{N}_+'-]+(::skin-tone-[2-6])?$/u.test(name)) throw new SlackFault('invalid_name');
  return { name, message: findMessage(call, findOwnChannel(call), 'timestamp'), user: call.app.userId };
};
