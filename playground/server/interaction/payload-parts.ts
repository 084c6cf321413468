import type { StoredChannel } from '../state/channels.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';

/** The fields that every interaction payload has: https://docs.slack.dev/reference/interaction-payloads */
export const payloadParts = ({ team }: Workspace, person: Member, appId: string): Record<string, unknown> => ({
  token: 'local',
  api_app_id: appId,
  team: { id: team.id, domain: team.domain },
  enterprise: null,
  is_enterprise_install: false,
  user: { id: person.id, username: person.name, name: person.name, team_id: team.id },
});

export const channelPart = ({ id, kind, name }: StoredChannel): { id: string; name: string } => ({
  id,
  name: kind === 'im' ? 'directmessage' : name,
});
