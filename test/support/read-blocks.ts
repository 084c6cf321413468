/**
 * What a person reads of blocks, a line a block (or more): text, bold as `*…*`, quotations behind `> `, buttons as
 * `[…]`, selects as `[… ▾]`.
 */
export const readBlocks = (blocks: readonly unknown[] | undefined): string =>
  (blocks ?? []).map((block) => readBlock(block as Node)).join('\n');

type Node = Readonly<Record<string, unknown>>;

const list = (value: unknown): Node[] => (Array.isArray(value) ? (value as Node[]) : []);

const readText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? readText((value as Node).text) : '';
};

const readRich = ({ type, elements, style, text }: Node): string => {
  if (type === 'text') return (style as Node | undefined)?.bold ? `*${String(text)}*` : String(text);
  const inner = list(elements).map(readRich).join('');
  if (type === 'rich_text_quote') return `> ${inner}`;
  return type === 'rich_text_preformatted' ? `\`\`\`\n${inner}\n\`\`\`` : inner;
};

const readElement = (element: Node): string => {
  if (element.type === 'static_select') return `[${readText(element.initial_option)} ▾]`;
  if (element.type === 'feedback_buttons') {
    return [element.positive_button, element.negative_button].map((one) => `[${readText(one)}]`).join(' ');
  }
  return element.type === 'button' ? `[${readText(element.text)}]` : readText(element.text);
};

const readBlock = (block: Node): string => {
  switch (block.type) {
    case 'divider':
      return '──';
    case 'rich_text':
      return list(block.elements).map(readRich).join('\n');
    case 'actions':
    case 'context':
    case 'context_actions':
      return list(block.elements).map(readElement).join(' ');
    default:
      return [readText(block.text), ...(block.accessory ? [readElement(block.accessory as Node)] : [])].join('\n');
  }
};
