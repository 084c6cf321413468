import { slackView } from '../interaction/slack-view.ts';
import { openView, readView } from '../interaction/view-stack.ts';
import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';
import { readTrigger, requiredView } from './read-trigger.ts';

/** https://docs.slack.dev/reference/methods/views.push: over the modal in which the person acted. */
export const viewsPush: Method = (call) => {
  const { workspace, app } = call;
  const body = readView(workspace, requiredView(call), 'modal');
  const { user, viewId } = readTrigger(call);
  const below = viewId === null ? undefined : workspace.store.views.find(viewId);
  const previous = below && workspace.store.views.stack(below.rootId).at(-1);
  if (previous?.body.type !== 'modal') throw new SlackFault('not_found');
  return { view: slackView(workspace, openView(workspace, { appId: app.id, user, body, previous })) };
};
