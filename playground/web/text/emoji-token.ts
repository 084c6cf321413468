import { emojiCharacter } from './emoji.ts';
import type { Inline } from './tree.ts';

const token = /:([a-z0-9_+'-]{1,40}):(?::skin-tone-[2-6]:)?/y;

/** `:name:` at this place, when the page knows the name; else null and the text stays as it is. */
export const parseEmoji = (text: string, at: number): { node: Inline; end: number } | null => {
  token.lastIndex = at;
  const match = token.exec(text);
  const name = match?.[1];
  const character = name ? emojiCharacter(name) : null;
  if (!match || !name || character === null) return null;
  return { node: { kind: 'emoji', name, character }, end: at + match[0].length };
};

/** A plain text with the emoji names in it drawn: the labels of buttons and options. */
export const drawEmojiNames = (text: string): string =>
  text.replace(/:([a-z0-9_+'-]{1,40}):/g, (whole, name: string) => emojiCharacter(name) ?? whole);
