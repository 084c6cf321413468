import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';
import { user } from './users-shape.ts';

/** https://docs.slack.dev/reference/methods/users.info */
export const usersInfo: Method = (call) => {
  const member = call.workspace.store.people.find(call.args.requiredText('user'));
  if (!member) throw new SlackFault('user_not_found');
  return { user: user(call, member) };
};
