import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/bots.info */
export const botsInfo: Method = ({ workspace, app, args }) => {
  const wanted = args.text('bot') ?? app.botId;
  const found = workspace.store.apps.list().find(({ botId }) => botId === wanted);
  if (!found) throw new SlackFault('bot_not_found');
  const { botId, id, userId, name } = found;
  return { bot: { id: botId, app_id: id, user_id: userId, name, deleted: false, updated: 0, icons: {} } };
};
