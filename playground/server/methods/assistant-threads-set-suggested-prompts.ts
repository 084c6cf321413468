import { SUGGESTED_PROMPTS } from '../../../src/slack/limits.ts';
import { announceChannel } from '../events/announce.ts';
import { SlackFault } from '../slack-fault.ts';
import type { SuggestedPrompt } from '../state/channels.ts';
import { findOwnChannel } from './find.ts';
import type { Method } from './method.ts';

const readPrompt = (value: unknown, index: number): SuggestedPrompt => {
  if (typeof value === 'object' && value !== null && 'title' in value && 'message' in value) {
    const { title, message } = value;
    if (typeof title === 'string' && typeof message === 'string') return { title, message };
  }
  throw new SlackFault('invalid_arguments', [`[ERROR] must have title and message [json-pointer:/prompts/${index}]`]);
};

/** https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts */
export const assistantThreadsSetSuggestedPrompts: Method = (call) => {
  const { workspace, args } = call;
  const channel = findOwnChannel(call, 'channel_id');
  const prompts = args.list('prompts') ?? [];
  if (prompts.length === 0 || prompts.length > SUGGESTED_PROMPTS) {
    throw new SlackFault('invalid_arguments', [
      `[ERROR] must have 1 to ${SUGGESTED_PROMPTS} items [json-pointer:/prompts]`,
    ]);
  }
  workspace.store.channels.setPrompts(channel.id, {
    title: args.text('title') ?? null,
    prompts: prompts.map(readPrompt),
  });
  announceChannel(workspace, channel.id);
  return {};
};
