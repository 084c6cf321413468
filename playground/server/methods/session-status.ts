import { SlackFault } from '../slack-fault.ts';
import type { Workspace } from '../workspace.ts';

const STATES = ['active', 'processing', 'suspended', 'closed'];

/**
 * How an agent says that its session in a thread stands: https://docs.slack.dev/reference/methods/agents.sessions.setStatus
 * `processing` shows it as working, with Stop beside it, as Slack's own row does; every other state ends that. What the
 * app itself says that it is doing goes before "is working".
 */
export const setSessionStatus = (
  { statuses, sessions }: Workspace,
  place: { channel: string; threadTs: string; user: string },
  status: string,
): void => {
  if (!STATES.includes(status)) {
    throw new SlackFault('invalid_arguments', [`[ERROR] must be one of: ${STATES.join(', ')} [json-pointer:/status]`]);
  }
  const working = status === 'processing';
  sessions.set(place, working);
  const { channel, threadTs, user } = place;
  const said = statuses.list().some((one) => one.channel === channel && one.threadTs === threadTs && one.user === user);
  if (!working) statuses.clear(channel, threadTs, user);
  else if (!said) statuses.set({ ...place, status: 'is working…' });
};
