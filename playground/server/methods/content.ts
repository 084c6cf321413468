import { MARKDOWN_PER_MESSAGE, MARKDOWN_TEXT, METADATA_BYTES } from '../../../src/slack/limits.ts';
import type { Block } from '../../protocol/messages.ts';
import { checkBlocks } from '../checks/check-blocks.ts';
import { nameBlocks } from '../checks/name-blocks.ts';
import { SlackFault } from '../slack-fault.ts';
import type { MessageMetadata } from '../state/messages.ts';
import type { Call } from './method.ts';

export interface Content {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly markdown: boolean;
}

/** The blocks of a call, checked, every one named; undefined when it has none. */
export const readBlocks = ({ args, workspace }: Call): readonly Block[] | undefined => {
  const blocks = args.list('blocks');
  if (blocks === undefined) return undefined;
  const { faults, markdownLength } = checkBlocks(blocks, 'message');
  if (faults.length > 0) throw new SlackFault('invalid_blocks', faults);
  if (markdownLength > MARKDOWN_PER_MESSAGE) throw new SlackFault('msg_blocks_too_long');
  return nameBlocks(blocks as Block[], workspace.ids);
};

/** What a message says: `text`, `blocks`, or `markdown_text` alone. */
export const readContent = (call: Call): Content => {
  const { args } = call;
  const markdown = args.text('markdown_text');
  const text = args.text('text') ?? '';
  const blocks = readBlocks(call);
  if (markdown !== undefined && markdown !== '') {
    if (text !== '' || blocks !== undefined) throw new SlackFault('markdown_text_conflict');
    if (markdown.length > MARKDOWN_TEXT) throw new SlackFault('msg_too_long');
    return { text: markdown, blocks: [], markdown: true };
  }
  if (text.trim() === '' && (blocks ?? []).length === 0) throw new SlackFault('no_text');
  return { text, blocks: blocks ?? [], markdown: false };
};

/** https://docs.slack.dev/messaging/message-metadata */
export const readMetadata = ({ args }: Call): MessageMetadata | undefined => {
  const metadata = args.object('metadata');
  if (metadata === undefined) return undefined;
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new SlackFault('invalid_metadata_format');
  }
  if (Buffer.byteLength(JSON.stringify(payload)) > METADATA_BYTES) throw new SlackFault('metadata_too_large');
  return { event_type: type, event_payload: payload as Record<string, unknown> };
};
