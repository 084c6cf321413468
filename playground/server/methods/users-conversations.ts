import { SlackFault } from '../slack-fault.ts';
import { readKinds } from './conversations-list.ts';
import { conversation } from './conversations-shape.ts';
import type { Method } from './method.ts';
import { pageOf } from './paging.ts';

/** https://docs.slack.dev/reference/methods/users.conversations: of direct messages only the app's own. */
export const usersConversations: Method = (call) => {
  const { workspace, app, args } = call;
  const user = args.text('user') ?? app.userId;
  if (!workspace.store.people.find(user)) throw new SlackFault('user_not_found');
  const kinds = readKinds(args.text('types') ?? 'public_channel');
  const joined = workspace.store.channels
    .list()
    .filter(
      ({ kind, members }) =>
        kinds.has(kind) && members.includes(user) && (kind === 'channel' || members.includes(app.userId)),
    );
  const { page, cursor } = pageOf(joined, args);
  return { channels: page.map((channel) => conversation(call, channel)), ...cursor };
};
