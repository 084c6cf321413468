import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/auth.test */
export const authTest: Method = ({ workspace, app }) => ({
  url: `${workspace.address()}/`,
  team: workspace.team.name,
  team_id: workspace.team.id,
  user: app.name,
  user_id: app.userId,
  bot_id: app.botId,
  is_enterprise_install: false,
});
