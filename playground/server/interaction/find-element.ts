import type { ElementAction } from '../../protocol/interactions.ts';
import type { Block } from '../../protocol/messages.ts';

type Element = { readonly type: string } & Record<string, unknown>;

const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'type' in value;

const search = (value: unknown, blockId: string | undefined, wanted: ElementAction): Element | undefined => {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = search(item, blockId, wanted);
      if (found) return found;
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const here = 'block_id' in value && typeof value.block_id === 'string' ? value.block_id : blockId;
  if (isElement(value) && value.action_id === wanted.action_id && here === wanted.block_id) return value;
  return search(Object.values(value), here, wanted);
};

const sameOption = (one: unknown, other: unknown): boolean =>
  isRecord(one) && isRecord(other) && one.value === other.value;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const optionsOf = (element: Element): unknown[] => {
  const groups = Array.isArray(element.option_groups) ? element.option_groups : [];
  return [element.options, ...groups.map((group) => (isRecord(group) ? group.options : []))].flat();
};

/** What the app is told was chosen: always one of its own options, whatever the page says it was. */
const chosen = (element: Element, action: ElementAction): Record<string, unknown> | undefined => {
  const options = optionsOf(element);
  const own = (option: unknown): unknown => options.find((known) => sameOption(known, option));
  if (Array.isArray(action.selected_options)) {
    const selected = action.selected_options.map(own);
    return selected.every(Boolean) ? { selected_options: selected } : undefined;
  }
  const selected = own(action.selected_option);
  return selected ? { selected_option: selected } : undefined;
};

const pressed = (element: Element, action: ElementAction): Record<string, unknown> | undefined => {
  if (element.type !== 'feedback_buttons') return { value: element.value, text: element.text };
  const sides = [element.positive_button, element.negative_button];
  const side = sides.find((button) => isRecord(button) && button.value === action.value);
  return isRecord(side) ? { value: side.value, text: side.text } : undefined;
};

const PRESSED = new Set(['button', 'workflow_button', 'icon_button', 'feedback_buttons']);
const CHOSEN = new Set(['static_select', 'multi_static_select', 'overflow', 'radio_buttons', 'checkboxes']);

/**
 * The action as Slack tells it to the app, made from the app's own element: `undefined` when there is no such element
 * or no such choice in these blocks.
 */
export const actionOn = (
  blocks: readonly Block[],
  action: ElementAction,
  actionTs: string,
): Record<string, unknown> | undefined => {
  const element = search(blocks, undefined, action);
  if (!element || element.type !== action.type) return undefined;
  const { type, action_id, block_id, value, ...rest } = action;
  const said = PRESSED.has(type)
    ? pressed(element, action)
    : CHOSEN.has(type)
      ? chosen(element, action)
      : { ...rest, ...(value === undefined ? {} : { value }) };
  return said && { ...said, type, action_id, block_id, action_ts: actionTs };
};
