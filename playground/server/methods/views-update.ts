import { slackView } from '../interaction/slack-view.ts';
import { readView, updateView } from '../interaction/view-stack.ts';
import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';
import { requiredView } from './read-trigger.ts';

/** https://docs.slack.dev/reference/methods/views.update */
export const viewsUpdate: Method = (call) => {
  const { workspace, app, args } = call;
  const { views } = workspace.store;
  const id = args.text('view_id');
  const view = id ? views.find(id) : views.findByExternalId(app.id, args.requiredText('external_id'));
  if (view?.appId !== app.id) throw new SlackFault('not_found');
  const hash = args.text('hash');
  if (hash && hash !== view.hash) throw new SlackFault('hash_conflict');
  const body = readView(workspace, requiredView(call), view.body.type);
  return { view: slackView(workspace, updateView(workspace, view, body)) };
};
