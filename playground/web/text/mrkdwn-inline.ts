import { parseAngle } from './angle.ts';
import { parseBareUrl } from './bare-url.ts';
import { parseEmoji } from './emoji-token.ts';
import { type Atom, pairEmphasis, pushInline } from './emphasis.ts';
import { decodeEntities } from './entities.ts';
import { createFinder } from './finder.ts';
import type { Inline } from './tree.ts';

const wraps = {
  '*': (children: readonly Inline[]): Inline => ({ kind: 'bold', children }),
  _: (children: readonly Inline[]): Inline => ({ kind: 'italic', children }),
  '~': (children: readonly Inline[]): Inline => ({ kind: 'strike', children }),
};

/**
 * Whether a marker may stand beside this character on its outer side. Slack wants a space or narrow punctuation there:
 * beside a letter (a Japanese one too) or full-width punctuation it shows the marker itself; a zero-width space helps.
 */
const isBoundary = (character: string | undefined): boolean =>
  character === undefined ||
  (!/[\p{L}\p{M}\p{N}_]/u.test(character) && !/[\u3001-\u303f\u30fb\ufe30-\ufe4f\uff01-\uff65]/.test(character));

const isSpace = (character: string | undefined): boolean => character === undefined || /[\s\u200b]/.test(character);

interface Marker {
  readonly marker: string;
  readonly at: number;
  opens: boolean;
  closes: boolean;
}

/** Beside another marker that opens (closes) itself, a marker may open (close) too: `_*both*_`. */
const settleMarkers = (text: string, markers: readonly Marker[]): void => {
  for (const [i, each] of markers.entries()) {
    const before = markers[i - 1];
    const beside = before?.at === each.at - 1 && before.marker !== each.marker && before.opens;
    const next = text[each.at + 1];
    each.opens = (beside || isBoundary(text[each.at - 1])) && !isSpace(next) && next !== each.marker;
  }
  for (let i = markers.length - 1; i >= 0; i -= 1) {
    const each = markers[i];
    if (!each) continue;
    const after = markers[i + 1];
    const beside = after?.at === each.at + 1 && after.marker !== each.marker && after.closes;
    const previous = text[each.at - 1];
    each.closes = (beside || isBoundary(text[each.at + 1])) && !isSpace(previous) && previous !== each.marker;
  }
};

/** One line of Slack's mrkdwn (no `\n` in it): emphasis, code, `<…>`, addresses, emoji, entities. */
const parseLine = (line: string, bareLinks: boolean): Inline[] => {
  const atoms: Atom[] = [];
  const markers: Marker[] = [];
  const nextTick = createFinder(line, '`');
  const nextClose = createFinder(line, '>');
  const nextOpen = createFinder(line, '<');
  let textFrom = 0;
  const flush = (to: number): void => {
    if (to > textFrom) atoms.push({ node: { kind: 'text', text: decodeEntities(line.slice(textFrom, to)) } });
  };
  const take = (from: number, end: number, atom: Atom): number => {
    flush(from);
    atoms.push(atom);
    textFrom = end;
    return end;
  };

  for (let at = 0; at < line.length; ) {
    const character = line[at];
    if (character === '*' || character === '_' || character === '~') {
      const marker: Marker = { marker: character, at, opens: false, closes: false };
      markers.push(marker);
      at = take(at, at + 1, marker);
      continue;
    }
    if (character === '`') {
      const end = nextTick(at + 1);
      if (end !== Number.POSITIVE_INFINITY && end > at + 1) {
        at = take(at, end + 1, { node: { kind: 'code', text: decodeEntities(line.slice(at + 1, end)) } });
        continue;
      }
    } else if (character === '<') {
      const end = nextClose(at + 1);
      const node = end < nextOpen(at + 1) ? parseAngle(line.slice(at + 1, end)) : null;
      if (node) {
        at = take(at, end + 1, { node });
        continue;
      }
    } else if (character === ':' || (character === 'h' && bareLinks)) {
      const found = character === ':' ? parseEmoji(line, at) : parseBareUrl(line, at);
      if (found) {
        at = take(at, found.end, { node: found.node });
        continue;
      }
    }
    at += 1;
  }
  flush(line.length);
  settleMarkers(line, markers);
  return pairEmphasis(atoms, wraps);
};

/**
 * Slack's mrkdwn inside a paragraph; emphasis does not cross lines.
 *
 * @param bareLinks whether addresses without brackets become links (not in a `verbatim` text object)
 */
export const parseMrkdwnInline = (text: string, bareLinks = true): Inline[] => {
  const nodes: Inline[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (i > 0) pushInline(nodes, { kind: 'text', text: '\n' });
    for (const node of parseLine(line, bareLinks)) pushInline(nodes, node);
  }
  return nodes;
};
