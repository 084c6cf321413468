import { SlackFault } from '../slack-fault.ts';
import { findOwnChannel, findThread } from './find.ts';
import type { Call } from './method.ts';

/** The thread of an assistant's call: `channel_id` and `thread_ts`. */
export const readAssistantThread = (call: Call): { channel: string; threadTs: string } => {
  const channel = findOwnChannel(call, 'channel_id');
  const threadTs = findThread(call, channel);
  if (threadTs === null) throw new SlackFault('invalid_arguments', ['[ERROR] missing required field: thread_ts']);
  return { channel: channel.id, threadTs };
};
