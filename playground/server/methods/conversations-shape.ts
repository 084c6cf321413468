import type { StoredChannel } from '../state/channels.ts';
import type { Call } from './method.ts';

/** https://docs.slack.dev/reference/objects/conversation-object */
export const conversation = ({ workspace, app }: Call, channel: StoredChannel): Record<string, unknown> => {
  const { id, name, kind, topic, members, created } = channel;
  const common = {
    id,
    created: Math.floor(created / 1_000),
    is_archived: false,
    is_org_shared: false,
    context_team_id: workspace.team.id,
    updated: created,
  };
  if (kind === 'im') {
    return {
      ...common,
      is_im: true,
      is_channel: false,
      is_group: false,
      is_mpim: false,
      is_private: true,
      user: members.find((member) => member !== app.userId) ?? app.userId,
      is_user_deleted: false,
      is_open: true,
    };
  }
  return {
    ...common,
    name,
    name_normalized: name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_general: false,
    is_shared: false,
    is_ext_shared: false,
    is_member: members.includes(app.userId),
    topic: { value: topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: members.length,
  };
};
