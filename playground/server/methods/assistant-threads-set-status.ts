import { SlackFault } from '../slack-fault.ts';
import { readAssistantThread } from './assistant-thread.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/assistant.threads.setStatus */
export const assistantThreadsSetStatus: Method = (call) => {
  const { workspace, app, args } = call;
  const status = args.text('status');
  if (status === undefined) throw new SlackFault('invalid_arguments', ['[ERROR] missing required field: status']);
  if ((args.list('loading_messages') ?? []).length > 10) {
    throw new SlackFault('invalid_arguments', [
      '[ERROR] no more than 10 items allowed [json-pointer:/loading_messages]',
    ]);
  }
  workspace.statuses.set({ ...readAssistantThread(call), user: app.userId, status });
  return {};
};
