import type { Member } from '../state/people.ts';
import type { Call } from './method.ts';

/** https://docs.slack.dev/reference/objects/user-object */
export const user = ({ workspace, args }: Call, member: Member): Record<string, unknown> => {
  const { id, name, displayName, locale, isAdmin, appId, color } = member;
  const bot = appId === null ? undefined : workspace.store.apps.find(appId);
  return {
    id,
    team_id: workspace.team.id,
    name,
    deleted: false,
    color: color.slice(1),
    real_name: displayName,
    tz: locale === 'ja-JP' ? 'Asia/Tokyo' : 'America/Los_Angeles',
    tz_label: locale === 'ja-JP' ? 'Japan Standard Time' : 'Pacific Standard Time',
    tz_offset: locale === 'ja-JP' ? 32_400 : -28_800,
    profile: {
      real_name: displayName,
      real_name_normalized: displayName,
      display_name: bot ? '' : displayName,
      display_name_normalized: bot ? '' : displayName,
      team: workspace.team.id,
      ...(bot ? { bot_id: bot.botId, api_app_id: bot.id, always_active: true } : {}),
    },
    is_admin: isAdmin,
    is_owner: isAdmin,
    is_primary_owner: isAdmin,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: bot !== undefined,
    is_app_user: false,
    updated: 0,
    ...(args.flag('include_locale') ? { locale } : {}),
  };
};
