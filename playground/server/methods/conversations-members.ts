import { findChannel } from './find.ts';
import type { Method } from './method.ts';
import { pageOf } from './paging.ts';

/** https://docs.slack.dev/reference/methods/conversations.members */
export const conversationsMembers: Method = (call) => {
  const { page, cursor } = pageOf(findChannel(call).members, call.args);
  return { members: page, ...cursor };
};
