import type { Block } from '../../protocol/messages.ts';
import type { Ids } from '../ids.ts';

const INTERACTIVE = new Set([
  'button',
  'checkboxes',
  'datepicker',
  'datetimepicker',
  'email_text_input',
  'feedback_buttons',
  'icon_button',
  'number_input',
  'overflow',
  'plain_text_input',
  'radio_buttons',
  'rich_text_input',
  'timepicker',
  'url_text_input',
]);

const isInteractive = (type: unknown): boolean =>
  typeof type === 'string' && (INTERACTIVE.has(type) || type.endsWith('_select'));

const nameWithin = (value: unknown, ids: Ids): unknown => {
  if (Array.isArray(value)) return value.map((item) => nameWithin(item, ids));
  if (typeof value !== 'object' || value === null) return value;
  const named: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    named[key] = key === 'child_blocks' && Array.isArray(item) ? nameBlocks(item, ids) : nameWithin(item, ids);
  }
  if (isInteractive(named.type) && named.action_id === undefined) named.action_id = ids.short();
  return named;
};

/** Gives every block and every interactive element that came without an id one, as Slack does: clicks name them. */
export const nameBlocks = (blocks: readonly Block[], ids: Ids): Block[] =>
  blocks.map((block) => ({ ...(nameWithin(block, ids) as Block), block_id: block.block_id ?? ids.short() }));
