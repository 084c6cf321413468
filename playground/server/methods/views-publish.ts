import { slackView } from '../interaction/slack-view.ts';
import { publishHome, readView } from '../interaction/view-stack.ts';
import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';
import { requiredView } from './read-trigger.ts';

/** https://docs.slack.dev/reference/methods/views.publish */
export const viewsPublish: Method = (call) => {
  const { workspace, app, args } = call;
  const user = args.requiredText('user_id');
  if (!workspace.store.people.find(user)) throw new SlackFault('invalid_arguments', ['[ERROR] user_id is unknown']);
  const hash = args.text('hash');
  const known = workspace.store.views.findHome(app.id, user);
  if (hash && known && hash !== known.hash) throw new SlackFault('hash_conflict');
  const body = readView(workspace, requiredView(call), 'home');
  return { view: slackView(workspace, publishHome(workspace, app.id, user, body)) };
};
