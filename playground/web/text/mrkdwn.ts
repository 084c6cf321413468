import { decodeEntities } from './entities.ts';
import { parseMrkdwnInline } from './mrkdwn-inline.ts';
import type { BlockNode } from './tree.ts';

const quoteMark = /^(?:>|&gt;) ?/;

/** Paragraphs and quotes of a stretch without fenced code. */
const parseLines = (text: string, bareLinks: boolean): BlockNode[] => {
  const blocks: BlockNode[] = [];
  let quoted = false;
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length === 0) return;
    const paragraph: BlockNode = { kind: 'paragraph', children: parseMrkdwnInline(lines.join('\n'), bareLinks) };
    blocks.push(quoted ? { kind: 'quote', children: [paragraph] } : paragraph);
    lines = [];
  };
  const all = text.split('\n');
  for (const [i, line] of all.entries()) {
    const rest = /^(?:>>>|&gt;&gt;&gt;) ?/.exec(line);
    if (rest) {
      flush();
      quoted = true;
      lines = [line.slice(rest[0].length), ...all.slice(i + 1)];
      break;
    }
    const mark = quoteMark.exec(line);
    if ((mark !== null) !== quoted) flush();
    quoted = mark !== null;
    lines.push(mark ? line.slice(mark[0].length) : line);
  }
  flush();
  return blocks;
};

/**
 * Slack's own mark-up (`*bold* _italic_ ~strike~`, quotes, code, `<…>`) as a tree. Never throws; anything that is not
 * mark-up stays text; time grows with the length of the text.
 *
 * @param bareLinks whether addresses without brackets become links (not in a `verbatim` text object)
 */
export const parseMrkdwn = (text: string, { bareLinks = true }: { bareLinks?: boolean } = {}): BlockNode[] => {
  const blocks: BlockNode[] = [];
  const pieces = text.split('```');
  // An odd number of fences: the last one is text.
  if (pieces.length % 2 === 0) pieces.push(pieces.splice(-2).join('```'));
  for (const [i, piece] of pieces.entries()) {
    if (i % 2 === 1) {
      const code = piece.replace(/^\n/, '').replace(/\n$/, '');
      blocks.push({ kind: 'code', text: decodeEntities(code), language: null });
      continue;
    }
    // The line breaks around a fence belong to the fence.
    const from = i > 0 && piece.startsWith('\n') ? 1 : 0;
    const to = i < pieces.length - 1 && piece.endsWith('\n') ? piece.length - 1 : piece.length;
    if (to > from) for (const block of parseLines(piece.slice(from, to), bareLinks)) blocks.push(block);
  }
  return blocks;
};
