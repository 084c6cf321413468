import { decodeEntities } from './entities.ts';
import { parseMarkdownInline } from './markdown-inline.ts';
import { parseTable } from './markdown-table.ts';
import type { BlockNode, ListItem } from './tree.ts';

/** Quotes and lists in one another deeper than this are text: nobody writes so, only hostile input does. */
const maxDepth = 12;

const fence = /^ {0,3}(`{3,}|~{3,})([^`\n]{0,200})$/;
const headingMark = /^ {0,3}(#{1,6})(?:[ \t]+|$)/;
const ruleLine = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const quoteMark = /^ {0,3}> ?/;
const bullet = /^( {0,11})([-*+•]|\d{1,9}[.)])(?:[ \t]{1,4}|$)/;

interface Found {
  readonly node: BlockNode;
  readonly next: number;
}

const parseFence = (lines: readonly string[], from: number): Found | null => {
  const open = fence.exec(lines[from] ?? '');
  const mark = open?.[1];
  if (!open || !mark) return null;
  const code: string[] = [];
  let next = from + 1;
  for (; next < lines.length; next += 1) {
    const line = (lines[next] ?? '').trim();
    if (line.length >= mark.length && line.startsWith(mark) && /^(?:`+|~+)$/.test(line)) break;
    code.push(lines[next] ?? '');
  }
  const language = open[2]?.trim().split(/\s/)[0] || null;
  return { node: { kind: 'code', text: decodeEntities(code.join('\n')), language }, next: next + 1 };
};

const parseHeading = (line: string): BlockNode | null => {
  const mark = headingMark.exec(line);
  if (!mark) return null;
  let text = line.slice(mark[0].length).trimEnd();
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  // `# C#` keeps its sign; `# Title ##` loses the closing ones.
  if (end < text.length && (end === 0 || text[end - 1] === ' ')) text = text.slice(0, end).trimEnd();
  return { kind: 'heading', level: mark[1]?.length ?? 1, children: parseMarkdownInline(text) };
};

const parseQuote = (lines: readonly string[], from: number, depth: number): Found => {
  const inner: string[] = [];
  let next = from;
  while (next < lines.length && quoteMark.test(lines[next] ?? '')) {
    inner.push((lines[next] ?? '').replace(quoteMark, ''));
    next += 1;
  }
  return { node: { kind: 'quote', children: parseBlocks(inner, depth + 1) }, next };
};

const indentOf = (line: string): number => line.length - line.trimStart().length;

const parseList = (lines: readonly string[], from: number, depth: number): Found => {
  const first = bullet.exec(lines[from] ?? '');
  const base = first?.[1]?.length ?? 0;
  const ordered = /\d/.test(first?.[2] ?? '');
  const items: ListItem[] = [];
  let next = from;
  while (next < lines.length) {
    const mark = bullet.exec(lines[next] ?? '');
    if (!mark || /\d/.test(mark[2] ?? '') !== ordered || (mark[1]?.length ?? 0) < base) break;
    let head = (lines[next] ?? '').slice(mark[0].length);
    const task = /^\[([ xX])\][ \t]/.exec(head);
    if (task) head = head.slice(task[0].length);
    const inner = [head];
    next += 1;
    for (; next < lines.length; next += 1) {
      const line = lines[next] ?? '';
      if (line.trim() === '') {
        // A blank line stays inside only when the item goes on behind it.
        if (indentOf(lines[next + 1] ?? '') <= base || (lines[next + 1] ?? '').trim() === '') break;
        inner.push('');
      } else if (indentOf(line) > base) inner.push(line.slice(Math.min(indentOf(line), mark[0].length)));
      else break;
    }
    items.push({ checked: task ? task[1] !== ' ' : null, children: parseBlocks(inner, depth + 1) });
    // Blank lines between the items of one list.
    let after = next;
    while (after < lines.length && (lines[after] ?? '').trim() === '' && after - next < 2) after += 1;
    if (after > next && bullet.test(lines[after] ?? '')) next = after;
  }
  const start = ordered ? Number.parseInt(first?.[2] ?? '1', 10) : 1;
  return { node: { kind: 'list', ordered, start, items }, next };
};

/** One block that begins at this line, or null when it is a paragraph's. */
const blockAt = (lines: readonly string[], from: number, depth: number): Found | null => {
  const line = lines[from] ?? '';
  const fenced = parseFence(lines, from);
  if (fenced) return fenced;
  const heading = parseHeading(line);
  if (heading) return { node: heading, next: from + 1 };
  if (ruleLine.test(line)) return { node: { kind: 'rule' }, next: from + 1 };
  if (depth < maxDepth && quoteMark.test(line)) return parseQuote(lines, from, depth);
  if (depth < maxDepth && bullet.test(line)) return parseList(lines, from, depth);
  return parseTable(lines, from);
};

const parseBlocks = (lines: readonly string[], depth: number): BlockNode[] => {
  const blocks: BlockNode[] = [];
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0)
      blocks.push({ kind: 'paragraph', children: parseMarkdownInline(paragraph.join('\n').trim()) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const found = line.trim() === '' ? null : blockAt(lines, at, depth);
    if (found) {
      flush();
      blocks.push(found.node);
      at = found.next;
      continue;
    }
    if (line.trim() === '') flush();
    else paragraph.push(line);
    at += 1;
  }
  flush();
  return blocks;
};

/**
 * The Markdown that Slack's `markdown` blocks and streams take, as a tree: headings, lists (task lists too), quotes,
 * tables, fenced code, rules, paragraphs whose line breaks stay. HTML is text. Never throws, also on the half of a
 * text that is still being written; time grows with its length.
 */
export const parseMarkdown = (text: string): BlockNode[] => parseBlocks(text.replaceAll('\r\n', '\n').split('\n'), 0);
