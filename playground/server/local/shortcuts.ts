import { z } from 'zod';
import { slackMessage } from '../events/slack-message.ts';
import { channelPart, payloadParts } from '../interaction/payload-parts.ts';
import { issueResponseUrl } from '../interaction/response-url.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';
import { whisperFailed } from './failed.ts';
import { findVisible } from './messages.ts';
import { findJoined, LocalFault } from './request.ts';

export const runShortcut = z.object({
  callbackId: z.string().min(1),
  channel: z.string().min(1),
  ts: z.string().min(1),
});

/** A message shortcut: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export const runMessageShortcut = async (
  workspace: Workspace,
  person: Member,
  body: z.infer<typeof runShortcut>,
): Promise<void> => {
  const { store, requests, triggers } = workspace;
  const channel = findJoined(workspace, person, body.channel);
  const message = findVisible(workspace, person, body.channel, body.ts);
  const app = store.apps
    .list()
    .find(({ shortcuts }) => shortcuts.some(({ callbackId }) => callbackId === body.callbackId));
  const shortcut = app?.shortcuts.find(({ callbackId }) => callbackId === body.callbackId);
  if (!app || !shortcut) throw new LocalFault(404, 'unknown_shortcut', 'There is no such shortcut.');
  const answer = await requests.ask(app.id, 'interactive', {
    ...payloadParts(workspace, person, app.id),
    type: 'message_action',
    callback_id: body.callbackId,
    action_ts: (workspace.clock.now() / 1_000).toFixed(6),
    trigger_id: triggers.issue({ appId: app.id, user: person.id, viewId: null }),
    response_url: issueResponseUrl(workspace, {
      appId: app.id,
      channel: channel.id,
      user: person.id,
      messageTs: body.ts,
    }),
    channel: channelPart(channel),
    message_ts: message.ts,
    message: slackMessage(workspace, message, { withThread: true }),
  });
  if (answer.acknowledged) return;
  const place = { channel: channel.id, threadTs: message.threadTs, what: shortcut.name };
  whisperFailed(workspace, { app, person, ...place }, answer);
};
