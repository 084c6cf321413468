import type { BlockNode, Inline } from './tree.ts';

/** What a person would read out, without mark-up; mentions by `name`. */
export const inlineText = (nodes: readonly Inline[], name: (id: string) => string | null = () => null): string => {
  let text = '';
  for (const node of nodes) {
    if (node.kind === 'text' || node.kind === 'code' || node.kind === 'date') text += node.text;
    else if (node.kind === 'emoji') text += node.character;
    else if (node.kind === 'broadcast') text += `@${node.name}`;
    else if ('children' in node) text += inlineText(node.children, name);
    else text += `${node.kind === 'user' ? '@' : '#'}${name(node.id) ?? node.label ?? node.id}`;
  }
  return text;
};

/** The same for whole blocks, one a line. */
export const blockText = (blocks: readonly BlockNode[], name?: (id: string) => string | null): string =>
  blocks
    .map((block) => {
      if (block.kind === 'rule') return '';
      if (block.kind === 'code') return block.text;
      if (block.kind === 'quote') return blockText(block.children, name);
      if (block.kind === 'list') return block.items.map((item) => blockText(item.children, name)).join('\n');
      if (block.kind === 'table')
        return [block.head, ...block.rows]
          .map((row) => row.map((cell) => inlineText(cell, name)).join('\t'))
          .join('\n');
      return inlineText(block.children, name);
    })
    .join('\n');
