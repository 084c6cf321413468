import { BLOCKS_PER_MESSAGE, MARKDOWN_PER_MESSAGE, MARKDOWN_TEXT } from '../../../src/slack/limits.ts';
import type { Block } from '../../protocol/messages.ts';
import { checkBlocks } from '../checks/check-blocks.ts';
import { nameBlocks } from '../checks/name-blocks.ts';
import type { Addition } from '../conversation/stream.ts';
import { SlackFault } from '../slack-fault.ts';
import type { StoredMessage } from '../state/messages.ts';
import { findChannel, findMessage } from './find.ts';
import type { Call } from './method.ts';

type Chunk = { readonly type?: unknown } & Record<string, unknown>;

const TASK_STATES = ['pending', 'in_progress', 'complete', 'error'];

const invalid = (index: number, what: string): SlackFault =>
  new SlackFault('invalid_chunks', [`[ERROR] ${what} [json-pointer:/chunks/${index}]`]);

const markdownOf = (chunk: Chunk, index: number): string => {
  if (typeof chunk.text !== 'string') throw invalid(index, 'missing required field: text');
  if (chunk.text.length > MARKDOWN_TEXT) throw new SlackFault('msg_too_long');
  return chunk.text;
};

const taskOf = (chunk: Chunk, index: number): Block => {
  const { id, title, status } = chunk;
  if (typeof id !== 'string' || typeof title !== 'string') throw invalid(index, 'missing required field: id or title');
  if (!TASK_STATES.includes(String(status))) throw invalid(index, `must be one of: ${TASK_STATES.join(', ')}`);
  const { type: _, id: __, ...rest } = chunk;
  return { ...rest, type: 'task_card', block_id: `task-${id}`, task_id: id };
};

const planOf = (chunk: Chunk, index: number): Block => {
  if (typeof chunk.title !== 'string') throw invalid(index, 'missing required field: title');
  return { type: 'plan', block_id: 'plan', title: chunk.title };
};

const blocksOf = (call: Call, chunk: Chunk, index: number): Block[] => {
  const blocks = chunk.blocks;
  if (!Array.isArray(blocks)) throw invalid(index, 'missing required field: blocks');
  const { faults } = checkBlocks(blocks, 'message', `/chunks/${index}/blocks`);
  if (faults.length > 0) throw new SlackFault('invalid_blocks', faults);
  return nameBlocks(blocks as Block[], call.workspace.ids);
};

/**
 * `markdown_text` or `chunks` of a streaming call.
 * https://docs.slack.dev/reference/methods/chat.appendStream
 */
export const readAddition = (call: Call): Addition => {
  const { args } = call;
  const markdown = args.text('markdown_text') ?? '';
  const chunks = args.list('chunks') ?? [];
  if (markdown.length > MARKDOWN_TEXT) throw new SlackFault('msg_too_long');
  let text = markdown;
  const blocks: Block[] = [];
  for (const [index, chunk] of chunks.entries()) {
    if (typeof chunk !== 'object' || chunk === null) throw invalid(index, 'must be an object');
    const part = chunk as Chunk;
    if (part.type === 'markdown_text') text += markdownOf(part, index);
    else if (part.type === 'task_update') blocks.push(taskOf(part, index));
    else if (part.type === 'plan_update') blocks.push(planOf(part, index));
    else if (part.type === 'blocks') blocks.push(...blocksOf(call, part, index));
    else throw invalid(index, `unsupported type: ${String(part.type)}`);
  }
  return { text, blocks };
};

/** The stream that a call names, still open, and still the app's. */
export const findStream = (call: Call): StoredMessage => {
  const { workspace, app } = call;
  const message = findMessage(call, findChannel(call));
  if (message.appId !== app.id) throw new SlackFault('message_not_owned_by_app');
  if (message.streamUntil === null || message.streamUntil <= workspace.clock.now()) {
    throw new SlackFault('message_not_in_streaming_state');
  }
  return message;
};

/** A stream is one message: its text and blocks together stay under a message's limits. */
export const checkSize = ({ text, blocks }: { text: string; blocks: readonly Block[] }): void => {
  if (text.length > MARKDOWN_PER_MESSAGE) throw new SlackFault('msg_too_long');
  if (blocks.length > BLOCKS_PER_MESSAGE) {
    throw new SlackFault('invalid_blocks', [
      `[ERROR] no more than ${BLOCKS_PER_MESSAGE} items allowed [json-pointer:/blocks]`,
    ]);
  }
};
