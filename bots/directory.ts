import type { WebClient } from '@slack/web-api';
import type { Directory } from '../src/access/access.ts';

const pageSize = 200;
/** Workspaces with more people than this should configure their admins. */
const mostPages = 10;

/** The workspace's people, by the Web API. */
export const createDirectory = (client: WebClient): Directory => ({
  home: async () => (await client.auth.test()).team_id ?? '',

  person: async (user) => {
    const [{ user: found }, { team_id: home }] = await Promise.all([
      client.users.info({ user, include_locale: true }),
      client.auth.test(),
    ]);
    const isLeader = Boolean(found?.is_admin || found?.is_owner || found?.is_primary_owner);
    return {
      locale: found?.locale ?? null,
      // In a shared channel, Slack says of people of other workspaces what they are there.
      isWorkspaceAdmin: isLeader && found?.team_id === home && !found?.deleted && !found?.is_bot,
    };
  },

  groupMembers: async (usergroup) => (await client.usergroups.users.list({ usergroup })).users ?? [],

  workspaceAdmins: async () => {
    const admins: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const { members = [], response_metadata } = await client.users.list({ limit: pageSize, cursor });
      for (const { id, deleted, is_bot, is_admin, is_owner } of members) {
        if (id && !deleted && !is_bot && (is_admin || is_owner)) admins.push(id);
      }
      cursor = response_metadata?.next_cursor || undefined;
      if (!cursor) break;
    }
    return admins;
  },
});
