import { safeMarkdown } from '../../src/slack/escape.ts';
import { graphemeBoundary } from '../../src/text/graphemes.ts';
import { sentenceRanges } from '../../src/text/sentences.ts';

const fenceOf = (line: string): string | null => /^ {0,3}(```|~~~)/.exec(line)?.[1] ?? null;

/** Escaping makes text longer: at most this many times, `&` → `&amp;`. */
const worstGrowth = 5;

/** A line too long for a message, cut at sentences, else anywhere between graphemes. */
const cutLine = (line: string, most: number): string[] => {
  const pieces: string[] = [];
  let piece = '';
  for (const [start, end] of sentenceRanges(line)) {
    const sentence = line.slice(start, end);
    if (safeMarkdown(piece + sentence).length <= most) {
      piece += sentence;
      continue;
    }
    if (piece !== '') pieces.push(piece);
    let rest = sentence;
    while (safeMarkdown(rest).length > most) {
      const cut = graphemeBoundary(rest, Math.floor(most / worstGrowth), 0);
      pieces.push(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    piece = rest;
  }
  return piece === '' ? pieces : [...pieces, piece];
};

/**
 * Cuts a model's Markdown into messages: at lines, a code block closed at the end of one and opened again in the next.
 *
 * @param most characters of a message after `safeMarkdown`
 * @returns what goes through `safeMarkdown` as it is; one empty part for an empty text
 */
export const splitMarkdown = (text: string, most: number): string[] => {
  if (safeMarkdown(text).length <= most) return [text];
  const parts: string[] = [];
  /** Opening line of the code block that the part is in. */
  let fence: string | null = null;
  let part: string[] = [];
  /** Lines that the part began with without being asked: the fence that was opened again. */
  let carried = 0;
  const closing = (): string[] => (fence === null ? [] : [fenceOf(fence) ?? '']);
  const fits = (line: string): boolean => safeMarkdown([...part, line, ...closing()].join('\n')).length <= most;
  const flush = (): void => {
    parts.push([...part, ...closing()].join('\n'));
    part = fence === null ? [] : [fence];
    carried = part.length;
  };
  // Room for a fence that is opened again and closed.
  const longest = most - 64;
  for (const line of text
    .split('\n')
    .flatMap((one) => (one.length * worstGrowth < longest ? [one] : cutLine(one, longest)))) {
    if (part.length > carried && !fits(line)) flush();
    part.push(line);
    if (fenceOf(line) !== null) fence = fence === null ? (/^ {0,3}(```|~~~)\w{0,20}/.exec(line)?.[0] ?? null) : null;
  }
  flush();
  return parts.filter((one) => one.trim() !== '');
};
