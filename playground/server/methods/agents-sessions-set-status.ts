import { readAssistantThread } from './assistant-thread.ts';
import type { Method } from './method.ts';
import { setSessionStatus } from './session-status.ts';

/** https://docs.slack.dev/reference/methods/agents.sessions.setStatus */
export const agentsSessionsSetStatus: Method = (call) => {
  const { workspace, app, args } = call;
  const place = readAssistantThread(call);
  const { threadTitles } = workspace.store;
  setSessionStatus(workspace, { ...place, user: app.userId }, args.requiredText('status'));
  const title = args.text('title');
  // Only a session's first title counts.
  if (title && threadTitles.get(place.channel, place.threadTs) === null) {
    threadTitles.set(place.channel, place.threadTs, title.slice(0, 200));
  }
  return {};
};
