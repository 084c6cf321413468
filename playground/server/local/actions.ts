import { z } from 'zod';
import type { ElementAction } from '../../protocol/interactions.ts';
import type { EphemeralMessage } from '../conversation/ephemerals.ts';
import { slackMessage } from '../events/slack-message.ts';
import { actionOn } from '../interaction/find-element.ts';
import { channelPart, payloadParts } from '../interaction/payload-parts.ts';
import { issueResponseUrl } from '../interaction/response-url.ts';
import { slackView, type ViewState } from '../interaction/slack-view.ts';
import type { InstalledApp } from '../state/apps.ts';
import type { StoredMessage } from '../state/messages.ts';
import type { Member } from '../state/people.ts';
import type { StoredView } from '../state/views.ts';
import type { Workspace } from '../workspace.ts';
import { failed, whisperFailed } from './failed.ts';
import { findVisible } from './messages.ts';
import { findJoined, LocalFault } from './request.ts';

export const viewState = z.record(z.string(), z.record(z.string(), z.unknown()));

export const useElement = z.object({
  container: z.discriminatedUnion('type', [
    z.object({ type: z.literal('message'), channel: z.string().min(1), ts: z.string().min(1) }),
    z.object({ type: z.literal('view'), viewId: z.string().min(1) }),
  ]),
  action: z.looseObject({
    type: z.string().min(1),
    action_id: z.string().min(1),
    block_id: z.string().min(1),
    value: z.string().optional(),
  }),
  state: viewState.optional(),
});

type Body = z.infer<typeof useElement>;

/** A view that the person has before them: modals are submitted and closed, the Home tab has only its controls. */
export const findOwnView = (
  { store }: Workspace,
  person: Member,
  id: string,
  types: readonly ('modal' | 'home')[] = ['modal'],
): StoredView => {
  const view = store.views.find(id);
  if (view?.user !== person.id || !types.includes(view.body.type)) {
    throw new LocalFault(404, 'view_not_found', 'This window is no longer open.');
  }
  return view;
};

export const appOf = ({ store }: Workspace, id: string | null): InstalledApp => {
  const app = id === null ? undefined : store.apps.find(id);
  if (!app?.installed) throw new LocalFault(404, 'app_not_found', 'The app that this belongs to is gone.');
  return app;
};

const findActedOn = (
  workspace: Workspace,
  person: Member,
  { channel, ts }: { channel: string; ts: string },
): StoredMessage | EphemeralMessage => {
  findJoined(workspace, person, channel);
  const whispered = workspace.ephemerals.find(channel, ts);
  return whispered?.ephemeralFor === person.id ? whispered : findVisible(workspace, person, channel, ts);
};

const readAction = (workspace: Workspace, blocks: StoredMessage['blocks'], action: Body['action']) => {
  const actionTs = (workspace.clock.now() / 1_000).toFixed(6);
  const said = actionOn(blocks, action as ElementAction, actionTs);
  if (!said) throw new LocalFault(409, 'element_not_found', 'This element is no longer there.');
  return said;
};

const inMessage = async (
  workspace: Workspace,
  person: Member,
  place: { channel: string; ts: string },
  { action, state }: Body,
): Promise<void> => {
  const message = findActedOn(workspace, person, place);
  const channel = findJoined(workspace, person, place.channel);
  const app = appOf(workspace, message.appId);
  const said = readAction(workspace, message.blocks, action);
  const { ts, threadTs } = message;
  const answer = await workspace.requests.ask(app.id, 'interactive', {
    ...payloadParts(workspace, person, app.id),
    type: 'block_actions',
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: channel.id,
      is_ephemeral: 'ephemeralFor' in message,
      ...(threadTs === null ? {} : { thread_ts: threadTs }),
    },
    trigger_id: workspace.triggers.issue({ appId: app.id, user: person.id, viewId: null }),
    channel: channelPart(channel),
    message: slackMessage(workspace, message, { withThread: true }),
    state: { values: state ?? {} },
    response_url: issueResponseUrl(workspace, { appId: app.id, channel: channel.id, user: person.id, messageTs: ts }),
    actions: [said],
  });
  if (answer.acknowledged) return;
  whisperFailed(workspace, { app, person, channel: channel.id, threadTs, what: labelOf(said) }, answer);
};

const labelOf = ({ text, action_id }: Record<string, unknown>): string =>
  typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : String(action_id);

const inView = async (workspace: Workspace, person: Member, viewId: string, { action, state }: Body): Promise<void> => {
  const view = findOwnView(workspace, person, viewId, ['modal', 'home']);
  const app = appOf(workspace, view.appId);
  const said = readAction(workspace, view.body.blocks, action);
  const answer = await workspace.requests.ask(app.id, 'interactive', {
    ...payloadParts(workspace, person, app.id),
    type: 'block_actions',
    container: { type: 'view', view_id: view.id },
    trigger_id: workspace.triggers.issue({ appId: app.id, user: person.id, viewId: view.id }),
    view: slackView(workspace, view, (state ?? {}) as ViewState),
    actions: [said],
  });
  if (!answer.acknowledged) throw failed(app, person, labelOf(said), answer);
};

/** A button or a choice: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const use = (workspace: Workspace, person: Member, body: Body): Promise<void> =>
  body.container.type === 'view'
    ? inView(workspace, person, body.container.viewId, body)
    : inMessage(workspace, person, body.container, body);
