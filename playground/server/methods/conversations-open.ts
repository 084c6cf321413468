import { directWith } from '../conversation/direct.ts';
import { SlackFault } from '../slack-fault.ts';
import { conversation } from './conversations-shape.ts';
import { findChannel } from './find.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/conversations.open, with one person (the workspace has no group messages). */
export const conversationsOpen: Method = (call) => {
  const { workspace, app, args } = call;
  const users = args.text('users');
  if (users === undefined || users === '') {
    return { no_op: true, already_open: true, channel: { id: findChannel(call).id } };
  }
  const [user, ...others] = users.split(',').map((id) => id.trim());
  const person = user === undefined ? undefined : workspace.store.people.find(user);
  if (!person || others.length > 0) throw new SlackFault(person ? 'too_many_users' : 'user_not_found');
  if (person.appId !== null) throw new SlackFault('cannot_dm_bot');
  const known = workspace.store.channels.findDirect(app.userId, person.id) !== undefined;
  const channel = directWith(workspace, app.userId, person.id);
  if (!channel) throw new SlackFault('user_not_found');
  return {
    ...(known ? { no_op: true, already_open: true } : {}),
    channel: args.flag('return_im') ? conversation(call, channel) : { id: channel.id },
  };
};
