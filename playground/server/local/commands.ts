import { z } from 'zod';
import { createArguments } from '../arguments.ts';
import { join } from '../conversation/join.ts';
import { channelPart } from '../interaction/payload-parts.ts';
import { issueResponseUrl, respond } from '../interaction/response-url.ts';
import { SlackFault } from '../slack-fault.ts';
import type { StoredChannel } from '../state/channels.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';
import { LocalFaultOfApp, whisperFailed } from './failed.ts';
import { findJoined, LocalFault } from './request.ts';

export const runCommand = z.object({
  channel: z.string().min(1),
  command: z.string().regex(/^\/\S+$/, 'must begin with a slash'),
  text: z.string().max(10_000),
});

/** Slack's own `/invite @someone`. */
const invite = (workspace: Workspace, person: Member, channel: StoredChannel, text: string): void => {
  const named = /<@(\w+)(?:\|[^>]*)?>|@(\S+)/.exec(text);
  const { people } = workspace.store;
  const guest = named?.[1] ? people.find(named[1]) : people.findByName(named?.[2] ?? '');
  if (!guest) throw new LocalFault(404, 'person_not_found', 'Name somebody: /invite @name');
  if (channel.kind === 'im') throw new LocalFault(409, 'not_in_direct', 'Nobody can be invited to direct messages.');
  join(workspace, channel.id, guest.id, person.id);
};

/** Hands a slash command to its app; what the app acknowledges with is said to the person. */
export const run = async (workspace: Workspace, person: Member, body: z.infer<typeof runCommand>): Promise<void> => {
  const { store, team, triggers, requests } = workspace;
  const channel = findJoined(workspace, person, body.channel);
  if (body.command === '/invite') {
    invite(workspace, person, channel, body.text);
    return;
  }
  const app = store.apps.list().find(({ commands }) => commands.some(({ name }) => name === body.command));
  if (!app) throw new LocalFault(404, 'unknown_command', `${body.command} is no command of this workspace.`);
  const place = { appId: app.id, channel: channel.id, user: person.id, messageTs: null };
  const answer = await requests.ask(app.id, 'slash_commands', {
    token: 'local',
    api_app_id: app.id,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channelPart(channel).name,
    user_id: person.id,
    user_name: person.name,
    command: body.command,
    text: body.text,
    is_enterprise_install: 'false',
    response_url: issueResponseUrl(workspace, place),
    trigger_id: triggers.issue({ appId: app.id, user: person.id, viewId: null }),
  });
  if (!answer.acknowledged) {
    whisperFailed(workspace, { app, person, channel: channel.id, threadTs: null, what: body.command }, answer);
    return;
  }
  if (Object.keys(answer.payload).length === 0) return;
  try {
    store.transaction(() => respond(workspace, app, place, createArguments(answer.payload)));
  } catch (error) {
    if (!(error instanceof SlackFault)) throw error;
    throw new LocalFaultOfApp(app, error.code);
  }
};
