import { emojiCharacter } from '../text/emoji.ts';
import { safeHref } from '../text/safe-href.ts';
import type { BlockNode, Inline, ListItem } from '../text/tree.ts';
import { asFields, asList, asString, type Fields } from './read.ts';

const unicodeOf = (codes: string): string => {
  try {
    return String.fromCodePoint(...codes.split('-').map((code) => Number.parseInt(code, 16)));
  } catch {
    return '';
  }
};

const plainNode = (element: Fields): Inline => {
  const text = asString(element.text);
  switch (element.type) {
    case 'link': {
      const href = safeHref(asString(element.url));
      const label = text || asString(element.url);
      return href === null
        ? { kind: 'text', text: label }
        : { kind: 'link', href, children: [{ kind: 'text', text: label }] };
    }
    case 'user':
      return { kind: 'user', id: asString(element.user_id), label: null };
    case 'channel':
      return { kind: 'channel', id: asString(element.channel_id), label: null };
    case 'broadcast':
      return { kind: 'broadcast', name: asString(element.range) };
    case 'emoji': {
      const name = asString(element.name);
      const character = emojiCharacter(name) ?? unicodeOf(asString(element.unicode));
      return character ? { kind: 'emoji', name, character } : { kind: 'text', text: `:${name}:` };
    }
    case 'date':
      return { kind: 'text', text: asString(element.fallback) };
    case 'color':
      return { kind: 'text', text: asString(element.value) };
    default:
      return { kind: 'text', text };
  }
};

const inlineOf = (element: Fields): Inline => {
  const { bold, italic, strike, code } = asFields(element.style);
  let node = plainNode(element);
  if (code === true && node.kind === 'text') node = { kind: 'code', text: node.text };
  if (strike === true) node = { kind: 'strike', children: [node] };
  if (italic === true) node = { kind: 'italic', children: [node] };
  if (bold === true) node = { kind: 'bold', children: [node] };
  return node;
};

const inlinesOf = (parent: Fields): Inline[] => asList(parent.elements).map(inlineOf);

const itemsOf = (list: Fields): ListItem[] =>
  asList(list.elements).map((item) => ({
    checked: null,
    children: [{ kind: 'paragraph', children: inlinesOf(item) }],
  }));

/** A deeper list belongs to the last item before it; Slack writes the two one after the other. */
const putList = (blocks: BlockNode[], list: BlockNode & { kind: 'list' }, indent: number): BlockNode[] => {
  const last = blocks.at(-1);
  const host = last?.kind === 'list' ? last.items.at(-1) : undefined;
  if (indent < 1 || last?.kind !== 'list' || !host) return [...blocks, list];
  const grown = { ...host, children: putList([...host.children], list, indent - 1) };
  return [...blocks.slice(0, -1), { ...last, items: [...last.items.slice(0, -1), grown] }];
};

/** A `rich_text` block as a tree. */
export const readRichText = (block: Fields): BlockNode[] => {
  let blocks: BlockNode[] = [];
  for (const element of asList(block.elements)) {
    switch (element.type) {
      case 'rich_text_list': {
        const start = typeof element.offset === 'number' ? element.offset + 1 : 1;
        const ordered = element.style === 'ordered';
        const indent = typeof element.indent === 'number' ? Math.min(element.indent, 8) : 0;
        blocks = putList(blocks, { kind: 'list', ordered, start, items: itemsOf(element) }, indent);
        break;
      }
      case 'rich_text_quote':
        blocks.push({ kind: 'quote', children: [{ kind: 'paragraph', children: inlinesOf(element) }] });
        break;
      case 'rich_text_preformatted': {
        const text = asList(element.elements).map((each) => asString(each.text) || asString(each.url));
        blocks.push({ kind: 'code', text: text.join(''), language: null });
        break;
      }
      default:
        blocks.push({ kind: 'paragraph', children: inlinesOf(element) });
    }
  }
  return blocks;
};

const cellOf = (cell: Fields): Inline[] => {
  if (cell.type === 'rich_text') return asList(cell.elements).flatMap(inlinesOf);
  const { text, value } = cell;
  return [{ kind: 'text', text: asString(text) || (typeof value === 'number' ? String(value) : asString(value)) }];
};

const alignments = { left: 'left', center: 'center', right: 'right' } as const;

/** A `table` or `data_table` block as a tree; its first row is the head. */
export const readTable = (block: Fields): BlockNode => {
  const rows = Array.isArray(block.rows) ? block.rows.map((row) => asList(row).map(cellOf)) : [];
  const align = asList(block.column_settings).map(
    (column) => alignments[asString(column.align) as keyof typeof alignments] ?? null,
  );
  return { kind: 'table', align, head: rows[0] ?? [], rows: rows.slice(1) };
};
