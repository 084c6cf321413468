import type { Block } from '../../protocol/messages.ts';
import { asFields, asList, asString, type Fields } from './read.ts';

/** One element's value as in Slack's `view.state.values`: its type and what it holds. */
export type ElementValue = Fields & { readonly type: string };

/** block_id → action_id → value. */
export type Values = Readonly<Record<string, Readonly<Record<string, ElementValue>>>>;

/** The block's id; the server gives every block one, a place in the list stands in. */
export const blockIdOf = (block: Block, index: number): string => block.block_id ?? `block-${index}`;

const initialOf = (element: Fields): ElementValue | null => {
  const type = asString(element.type);
  switch (type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return { type, value: asString(element.initial_value) || null };
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null };
    case 'multi_static_select':
    case 'checkboxes':
      return { type, selected_options: asList(element.initial_options) };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null };
    default:
      return null;
  }
};

const elementsOf = (block: Block): readonly Fields[] => {
  if (block.type === 'input') return [asFields(block.element)];
  if (block.type === 'actions') return asList(block.elements);
  return block.type === 'section' && block.accessory ? [asFields(block.accessory)] : [];
};

/** The values of all inputs: what the person entered, else what the bot set. */
export const valuesOf = (blocks: readonly Block[], entered: Values): Values => {
  const values: Record<string, Record<string, ElementValue>> = {};
  for (const [index, block] of blocks.entries()) {
    const blockId = blockIdOf(block, index);
    for (const element of elementsOf(block)) {
      const actionId = asString(element.action_id);
      const initial = initialOf(element);
      if (!initial) continue;
      const own = entered[blockId]?.[actionId];
      values[blockId] = { ...values[blockId], [actionId]: own?.type === initial.type ? own : initial };
    }
  }
  return values;
};

export const withValue = (values: Values, blockId: string, actionId: string, value: ElementValue): Values => ({
  ...values,
  [blockId]: { ...values[blockId], [actionId]: value },
});

const isEmpty = ({ type: _type, ...held }: ElementValue): boolean =>
  Object.values(held).every((each) => each === null || each === '' || (Array.isArray(each) && each.length === 0));

/** Ids of the input blocks that must be filled in and are not. */
export const missingIn = (blocks: readonly Block[], values: Values): string[] =>
  blocks.flatMap((block, index) => {
    if (block.type !== 'input' || block.optional === true) return [];
    const blockId = blockIdOf(block, index);
    const held = Object.values(values[blockId] ?? {});
    return held.length > 0 && held.every(isEmpty) ? [blockId] : [];
  });
