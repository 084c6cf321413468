import { readAssistantThread } from './assistant-thread.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/assistant.threads.setTitle */
export const assistantThreadsSetTitle: Method = (call) => {
  const { channel, threadTs } = readAssistantThread(call);
  call.workspace.store.threadTitles.set(channel, threadTs, call.args.requiredText('title'));
  return {};
};
