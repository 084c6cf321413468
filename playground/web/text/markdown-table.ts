import { parseMarkdownInline } from './markdown-inline.ts';
import type { Alignment, BlockNode } from './tree.ts';

/** The cells of `| a | b |`; `\|` is a bar inside a cell. */
const splitCells = (line: string): string[] => {
  const cells: string[] = [];
  let from = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '|') {
      cells.push(line.slice(from, at));
      from = at + 1;
    }
  }
  cells.push(line.slice(from));
  if (cells.length > 1 && cells[0]?.trim() === '') cells.shift();
  if (cells.length > 1 && cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
};

const alignmentOf = (cell: string): Alignment | undefined => {
  if (!/^:?-+:?$/.test(cell)) return undefined;
  const left = cell.startsWith(':');
  const right = cell.endsWith(':');
  if (left && right) return 'center';
  return right ? 'right' : left ? 'left' : null;
};

/** A table that begins at line `from` (its head, then a line of dashes), and the line after it; null when there is none. */
export const parseTable = (lines: readonly string[], from: number): { node: BlockNode; next: number } | null => {
  const headLine = lines[from] ?? '';
  const ruleLine = lines[from + 1] ?? '';
  if (!headLine.includes('|') || !/^[\s|:-]+$/.test(ruleLine) || !ruleLine.includes('-')) return null;
  const head = splitCells(headLine.trim());
  const align = splitCells(ruleLine.trim()).map(alignmentOf);
  if (align.length !== head.length || align.includes(undefined)) return null;
  const rows: string[][] = [];
  let next = from + 2;
  while (next < lines.length && (lines[next] ?? '').includes('|')) {
    const cells = splitCells((lines[next] ?? '').trim());
    rows.push(head.map((_, column) => cells[column] ?? ''));
    // More cells than columns: the last column keeps what is over, nothing is lost.
    const last = rows.at(-1);
    if (last && cells.length > head.length) last[head.length - 1] = cells.slice(head.length - 1).join(' | ');
    next += 1;
  }
  return {
    node: {
      kind: 'table',
      align: align.map((each) => each ?? null),
      head: head.map((cell) => parseMarkdownInline(cell)),
      rows: rows.map((row) => row.map((cell) => parseMarkdownInline(cell))),
    },
    next,
  };
};
