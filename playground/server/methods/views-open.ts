import { slackView } from '../interaction/slack-view.ts';
import { openView, readView } from '../interaction/view-stack.ts';
import type { Method } from './method.ts';
import { readTrigger, requiredView } from './read-trigger.ts';

/** https://docs.slack.dev/reference/methods/views.open */
export const viewsOpen: Method = (call) => {
  const { workspace, app } = call;
  const body = readView(workspace, requiredView(call), 'modal');
  const { user } = readTrigger(call);
  return { view: slackView(workspace, openView(workspace, { appId: app.id, user, body, previous: null })) };
};
