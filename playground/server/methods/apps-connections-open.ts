import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/apps.connections.open */
export const appsConnectionsOpen: Method = ({ workspace, app }) => {
  const ticket = workspace.connections.issueTicket(app.id);
  return { url: `${workspace.address().replace(/^http/, 'ws')}/link?ticket=${ticket}&app_id=${app.id}` };
};
