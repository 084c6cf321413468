import { setReaction } from '../conversation/react.ts';
import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';
import { readReaction } from './read-reaction.ts';

/** https://docs.slack.dev/reference/methods/reactions.add */
export const reactionsAdd: Method = (call) => {
  const { name, message, user } = readReaction(call);
  if (!setReaction(call.workspace, message, { added: true, name, user })) throw new SlackFault('already_reacted');
  return {};
};
