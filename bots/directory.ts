import type { WebClient } from '@slack/web-api';
import type { Directory } from '../src/access/access.ts';

const pageSize = 200;
/** Workspaces with more people than this should configure their admins. */
const mostPages = 10;

/** The workspace's people, by the Web API. */
export const createDirectory = (client: WebClient): Directory => ({
  person: async (user) => {
    const { user: found } = await client.users.info({ user, include_locale: true });
    return {
      locale: found?.locale ?? null,
      isWorkspaceAdmin: Boolean(found?.is_admin || found?.is_owner || found?.is_primary_owner),
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
