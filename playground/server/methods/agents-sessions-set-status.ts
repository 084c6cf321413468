import { SlackFault } from '../slack-fault.ts';
import { readAssistantThread } from './assistant-thread.ts';
import type { Method } from './method.ts';

const STATES = ['active', 'processing', 'suspended', 'closed'];

/**
 * https://docs.slack.dev/reference/methods/agents.sessions.setStatus
 * Here `processing` shows the app as working, as Slack's own row does, and every other state ends that.
 */
export const agentsSessionsSetStatus: Method = (call) => {
  const { workspace, app, args } = call;
  const { channel, threadTs } = readAssistantThread(call);
  const status = args.requiredText('status');
  if (!STATES.includes(status)) {
    throw new SlackFault('invalid_arguments', [`[ERROR] must be one of: ${STATES.join(', ')} [json-pointer:/status]`]);
  }
  const title = args.text('title');
  if (title) workspace.store.threadTitles.set(channel, threadTs, title.slice(0, 200));
  workspace.statuses.set({ channel, threadTs, user: app.userId, status: status === 'processing' ? 'is working…' : '' });
  return {};
};
