import { decodeEntities } from './entities.ts';
import { safeHref } from './safe-href.ts';
import type { Inline } from './tree.ts';

// ASCII only: in Japanese the sentence goes on right behind an address.
const address = /https?:\/\/[\w\-.~:/?#[\]@!$&'()+,;=%]{1,2000}/y;
const letter = /[\p{L}\p{N}_]/u;

/**
 * An address that stands in the text without marks.
 *
 * @returns its link and where the text goes on, or null; punctuation that ends the sentence stays outside
 */
export const parseBareUrl = (text: string, at: number): { node: Inline; end: number } | null => {
  if (at > 0 && /[a-z0-9_]/i.test(text[at - 1] ?? '')) return null;
  address.lastIndex = at;
  let found = address.exec(text)?.[0];
  if (!found) return null;
  // An escaped bracket ends the address: `&lt;` is text behind it, `&amp;` a part of it.
  const escaped = found.search(/&[lg]t;/);
  if (escaped !== -1) found = found.slice(0, escaped);
  found = found.replace(/[.,:;!?'\]]{1,20}$/, '');
  if (found.endsWith(')') && !found.includes('(')) found = found.slice(0, -1);
  const shown = decodeEntities(found);
  const href = letter.test(found.slice(found.indexOf('//') + 2)) ? safeHref(shown) : null;
  return href === null
    ? null
    : { node: { kind: 'link', href, children: [{ kind: 'text', text: shown }] }, end: at + found.length };
};
