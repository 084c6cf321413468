import { SlackFault } from '../slack-fault.ts';
import type { Workspace } from '../workspace.ts';

const STATES = ['active', 'processing', 'suspended', 'closed'];

/**
 * How an agent says that its session in a thread stands: https://docs.slack.dev/reference/methods/agents.sessions.setStatus
 * `processing` shows it as working, as Slack's own row does; every other state ends that.
 */
export const setSessionStatus = (
  { statuses }: Workspace,
  place: { channel: string; threadTs: string; user: string },
  status: string,
): void => {
  if (!STATES.includes(status)) {
    throw new SlackFault('invalid_arguments', [`[ERROR] must be one of: ${STATES.join(', ')} [json-pointer:/status]`]);
  }
  statuses.set({ ...place, status: status === 'processing' ? 'is working…' : '' });
};
