import { parseAngle } from './angle.ts';
import { parseBareUrl } from './bare-url.ts';
import { parseEmoji } from './emoji-token.ts';
import { type Atom, pairEmphasis } from './emphasis.ts';
import { decodeEntities } from './entities.ts';
import { createFinder } from './finder.ts';
import { createCodeSpans } from './markdown-code.ts';
import { matchBrackets, parseTarget } from './markdown-link.ts';
import { safeHref } from './safe-href.ts';
import type { Inline } from './tree.ts';

const bold = (children: readonly Inline[]): Inline => ({ kind: 'bold', children });
const italic = (children: readonly Inline[]): Inline => ({ kind: 'italic', children });
const both = (children: readonly Inline[]): Inline => bold([italic(children)]);
const strike = (children: readonly Inline[]): Inline => ({ kind: 'strike', children });
const wraps = { '***': both, '**': bold, '*': italic, ___: both, __: bold, _: italic, '~~': strike };

const isSpace = (character: string | undefined): boolean => character === undefined || /\s/.test(character);
const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}_]/u.test(character);

/** A run of one marker character as an atom; a run that is no marker (`~`, `****`) is text. */
const markerAtom = (text: string, at: number, end: number): Atom => {
  const marker = text.slice(at, end);
  if (!Object.hasOwn(wraps, marker)) return { node: { kind: 'text', text: marker } };
  const before = text[at - 1];
  const after = text[end];
  const underscore = marker.startsWith('_');
  return {
    marker,
    opens: !isSpace(after) && !(underscore && isWord(before)),
    closes: !isSpace(before) && !(underscore && isWord(after)),
  };
};

/**
 * Markdown inside a paragraph: emphasis, strike, code, links, addresses, and Slack's `<@U…>` and `:emoji:`, which
 * Slack resolves there too. Images are links to the image: nothing is loaded from elsewhere.
 *
 * @param links false inside a link's label
 */
export const parseMarkdownInline = (text: string, links = true): Inline[] => {
  const atoms: Atom[] = [];
  const brackets = links ? matchBrackets(text) : new Map<number, number>();
  const codeSpan = createCodeSpans(text);
  const nextClose = createFinder(text, '>');
  const nextOpen = createFinder(text, '<');
  const nextLine = createFinder(text, '\n');
  let textFrom = 0;
  const flush = (to: number): void => {
    if (to > textFrom) atoms.push({ node: { kind: 'text', text: decodeEntities(text.slice(textFrom, to)) } });
  };
  const take = (from: number, end: number, atom: Atom): number => {
    flush(from);
    atoms.push(atom);
    textFrom = end;
    return end;
  };

  for (let at = 0; at < text.length; ) {
    const character = text[at];
    if (character === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) {
      // An escaped character is text of its own, so that no entity or emoji grows across it.
      at = take(at, at + 2, { node: { kind: 'text', text: text[at + 1] ?? '' } });
      continue;
    }
    if (character === '*' || character === '_' || character === '~') {
      let end = at;
      while (text[end] === character) end += 1;
      at = take(at, end, markerAtom(text, at, end));
      continue;
    }
    if (character === '`') {
      const span = codeSpan(at);
      if ('end' in span) at = take(at, span.end, { node: { kind: 'code', text: decodeEntities(span.code) } });
      else at += span.skip;
      continue;
    }
    if (character === '[' || (character === '!' && text[at + 1] === '[')) {
      const open = character === '!' ? at + 1 : at;
      const close = brackets.get(open);
      const found = close === undefined ? null : parseTarget(text, close + 1);
      if (found && close !== undefined) {
        const href = safeHref(decodeEntities(found.address));
        const children = parseMarkdownInline(text.slice(open + 1, close), false);
        if (href !== null) at = take(at, found.end, { node: { kind: 'link', href, children } });
        else {
          // A link that must not be followed keeps its label.
          flush(at);
          for (const node of children) atoms.push({ node });
          at = found.end;
          textFrom = at;
        }
        continue;
      }
    } else if (character === '<') {
      const end = nextClose(at + 1);
      const whole = end < nextOpen(at + 1) && end < nextLine(at + 1);
      const node = whole ? parseAngle(text.slice(at + 1, end)) : null;
      if (node && (links || node.kind !== 'link')) {
        at = take(at, end + 1, { node });
        continue;
      }
    } else if (character === ':' || (character === 'h' && links)) {
      const found = character === ':' ? parseEmoji(text, at) : parseBareUrl(text, at);
      if (found) {
        at = take(at, found.end, { node: found.node });
        continue;
      }
    }
    at += 1;
  }
  flush(text.length);
  return pairEmphasis(atoms, wraps);
};
