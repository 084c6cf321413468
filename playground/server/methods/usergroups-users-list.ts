import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/usergroups.users.list */
export const usergroupsUsersList: Method = ({ workspace, args }) => {
  const wanted = args.requiredText('usergroup');
  const group = workspace.store.people.groups().find(({ id }) => id === wanted);
  if (!group) throw new SlackFault('no_such_subteam');
  return { users: group.users };
};
