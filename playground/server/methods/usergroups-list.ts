import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/usergroups.list */
export const usergroupsList: Method = ({ workspace, args }) => ({
  usergroups: workspace.store.people.groups().map(({ id, handle, name, users }) => ({
    id,
    team_id: workspace.team.id,
    is_usergroup: true,
    name,
    handle,
    description: '',
    is_external: false,
    user_count: users.length,
    ...(args.flag('include_users') ? { users } : {}),
  })),
});
