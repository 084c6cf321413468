import { z } from 'zod';
import type { SubmitViewResult } from '../../protocol/interactions.ts';
import { payloadParts } from '../interaction/payload-parts.ts';
import { slackView } from '../interaction/slack-view.ts';
import { closeViews, openView, readView, updateView } from '../interaction/view-stack.ts';
import { SlackFault } from '../slack-fault.ts';
import type { InstalledApp } from '../state/apps.ts';
import type { Member } from '../state/people.ts';
import type { StoredView } from '../state/views.ts';
import type { Workspace } from '../workspace.ts';
import { appOf, findOwnView, viewState } from './actions.ts';
import { failed, LocalFaultOfApp } from './failed.ts';

export const submitView = z.object({ viewId: z.string().min(1), state: viewState });
export const closeView = z.object({ viewId: z.string().min(1) });

const responseAction = z.union([
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.enum(['update', 'push']), view: z.record(z.string(), z.unknown()) }),
  z.object({ response_action: z.literal('clear') }),
]);

/** What the app wants done with a submitted view: https://docs.slack.dev/surfaces/modals#response_actions */
const follow = (
  workspace: Workspace,
  app: InstalledApp,
  view: StoredView,
  payload: Record<string, unknown>,
): SubmitViewResult => {
  if (payload.response_action === undefined) {
    closeViews(workspace, view, { all: false });
    return { closed: true };
  }
  const parsed = responseAction.safeParse(payload);
  if (!parsed.success) throw new LocalFaultOfApp(app, 'invalid response_action');
  const wish = parsed.data;
  if (wish.response_action === 'errors') return { closed: false, errors: wish.errors };
  if (wish.response_action === 'clear') {
    closeViews(workspace, view, { all: true });
    return { closed: true };
  }
  const body = readView(workspace, wish.view, 'modal');
  if (wish.response_action === 'update') updateView(workspace, view, body);
  else openView(workspace, { appId: app.id, user: view.user, body, previous: view });
  return { closed: false, errors: {} };
};

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const submit = async (
  workspace: Workspace,
  person: Member,
  { viewId, state }: z.infer<typeof submitView>,
): Promise<SubmitViewResult> => {
  const view = findOwnView(workspace, person, viewId);
  const app = appOf(workspace, view.appId);
  const answer = await workspace.requests.ask(app.id, 'interactive', {
    ...payloadParts(workspace, person, app.id),
    type: 'view_submission',
    trigger_id: workspace.triggers.issue({ appId: app.id, user: person.id, viewId: view.id }),
    view: slackView(workspace, view, state),
    response_urls: [],
  });
  if (!answer.acknowledged) throw failed(app, person, view.body.title?.text ?? app.name, answer);
  try {
    return follow(workspace, app, workspace.store.views.find(view.id) ?? view, answer.payload);
  } catch (error) {
    if (error instanceof SlackFault) throw new LocalFaultOfApp(app, error.code);
    throw error;
  }
};

/** The person closes a modal: those with `notify_on_close` tell their app. */
export const close = async (
  workspace: Workspace,
  person: Member,
  { viewId }: z.infer<typeof closeView>,
): Promise<void> => {
  const view = findOwnView(workspace, person, viewId);
  const closed = closeViews(workspace, view, { all: view.body.clear_on_close === true });
  const app = appOf(workspace, view.appId);
  await Promise.all(
    closed
      .filter(({ body }) => body.notify_on_close)
      .map((one) =>
        workspace.requests.ask(app.id, 'interactive', {
          ...payloadParts(workspace, person, app.id),
          type: 'view_closed',
          view: slackView(workspace, one),
          is_cleared: view.body.clear_on_close === true,
        }),
      ),
  );
};
