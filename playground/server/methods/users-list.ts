import type { Method } from './method.ts';
import { pageOf } from './paging.ts';
import { user } from './users-shape.ts';

/** https://docs.slack.dev/reference/methods/users.list */
export const usersList: Method = (call) => {
  const { page, cursor } = pageOf(call.workspace.store.people.list(), call.args);
  return { members: page.map((member) => user(call, member)), ...cursor };
};
