import { fold } from './normalize.ts';

/** A keyword token with its place in the folded text, UTF-16 units, end exclusive. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const words = new Intl.Segmenter('ja', { granularity: 'word' });
const runs =
  /[\u3040-\u309f\u30a0-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ー\uac00-\ud7af]+|[\p{L}\p{N}]+/gu;
const japanese = /[\u3040-\u30ff\u3400-\u9fff々〆]/;
/** One or two hiragana: particles and endings, which say nothing about a text. */
const particle = /^[\u3040-\u309f]{1,2}$/;

function* bigrams(run: string, offset: number): Generator<Token> {
  const characters = [...run];
  if (characters.length === 1) yield { text: run, start: offset, end: offset + run.length };
  let at = offset;
  for (let index = 0; index + 1 < characters.length; index++) {
    const text = characters[index]! + characters[index + 1]!;
    yield { text, start: at, end: at + text.length };
    at += characters[index]!.length;
  }
}

function* wordTokens(folded: string): Generator<Token> {
  for (const { segment, index, isWordLike } of words.segment(folded)) {
    if (isWordLike) yield { text: segment, start: index, end: index + segment.length };
  }
}

function* runTokens(folded: string): Generator<Token> {
  for (const { 0: run, index } of folded.matchAll(runs)) {
    if (japanese.test(run)) yield* bigrams(run, index);
    else yield { text: run, start: index, end: index + run.length };
  }
}

const telling = (tokens: Iterable<Token>): Token[] => [...tokens].filter(({ text }) => !particle.test(text));

/** The words that ICU's dictionary finds in a folded text, particles left out. */
export const wordsOfFolded = (folded: string): Token[] => telling(wordTokens(folded));

const isAsciiLetter = (unit: number): boolean => (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
const isSpace = (unit: number): boolean => unit === 0x20 || unit === 0x0a || Number.isNaN(unit);
/** Behind a word; before a space they belong to none: , . ! ? */
const ends = new Set([0x2c, 0x2e, 0x21, 0x3f]);

/** The word at a place, where it is one of ASCII letters between spaces: there's no need to ask ICU. */
const plainWordAt = (folded: string, at: number): Token | null => {
  let [start, end] = [at, at];
  while (isAsciiLetter(folded.charCodeAt(start - 1))) start--;
  while (isAsciiLetter(folded.charCodeAt(end))) end++;
  if (start === end || end === at || !isSpace(folded.charCodeAt(start - 1))) return null;
  const after = folded.charCodeAt(end);
  if (!isSpace(after) && !(ends.has(after) && isSpace(folded.charCodeAt(end + 1)))) return null;
  return { text: folded.slice(start, end), start, end };
};

/**
 * The words of a folded text that touch one of some ranges, in order, as `wordsOfFolded` gives them: making the others
 * is most of the work.
 *
 * @param ranges in order, disjoint
 */
export const wordsTouching = (folded: string, ranges: readonly (readonly [start: number, end: number])[]): Token[] => {
  let segments: Intl.Segments | undefined;
  const found: Token[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    at = Math.max(at, start);
    while (at < end) {
      const plain = plainWordAt(folded, at);
      if (plain) {
        at = plain.end;
        found.push(plain);
        continue;
      }
      segments ??= words.segment(folded);
      const { segment, index, isWordLike } = segments.containing(at)!;
      at = index + segment.length;
      if (isWordLike) found.push({ text: segment, start: index, end: at });
    }
  }
  return telling(found);
};

/** Signs that stand in no run, where looking for runs may begin. */
const between = /[\s。、！？!?.,]/;

/**
 * Those of `wanted` that are among the character pairs of Japanese runs, or other runs whole, in order,
 * particles left out.
 *
 * @param ranges where a wanted one may stand: each touches one of these; in order, disjoint
 */
export const pairsAmong = (
  wanted: ReadonlySet<string>,
  folded: string,
  ranges: readonly (readonly [start: number, end: number])[],
): Token[] => {
  const found: Token[] = [];
  const run = new RegExp(runs);
  let done = 0;
  for (const [start, end] of ranges) {
    if (end <= done) continue;
    let from = start;
    while (from > done && !between.test(folded[from - 1]!)) from--;
    run.lastIndex = from;
    for (let match = run.exec(folded); match && match.index < end; match = run.exec(folded)) {
      const [text] = match;
      done = match.index + text.length;
      if (done <= start) continue;
      if (!japanese.test(text)) {
        if (wanted.has(text)) found.push({ text, start: match.index, end: done });
        continue;
      }
      for (const pair of bigrams(text, match.index)) if (wanted.has(pair.text)) found.push(pair);
    }
  }
  return telling(found);
};

/**
 * Those of some tokens, of two characters at most, that ICU would leave whole. It finds the cheapest cut, so that what it
 * cuts by itself is never a word in a longer text.
 */
export const wordsAmong = (tokens: readonly string[]): Set<string> => {
  const joined = tokens.join('\n');
  const whole = new Set<string>();
  for (const { segment } of words.segment(joined)) whole.add(segment);
  return new Set(tokens.filter((token) => whole.has(token)));
};

/** The character pairs of Japanese runs, and other runs whole, particles left out. */
const pairsOfFolded = (folded: string): Token[] => telling(runTokens(folded));

/**
 * The tokens of a folded text, for keyword search: the words that ICU's dictionary finds, and beside them the
 * character bigrams of Japanese runs (other runs whole); short hiragana are left out. A word that is a run of its own
 * comes twice, as it was measured. The same recipe serves documents, queries and highlights in every index adapter.
 */
export const tokenizeFolded = (folded: string): Token[] => [...wordsOfFolded(folded), ...pairsOfFolded(folded)];

/** The keyword tokens of any text, in order, repetitions kept. */
export const keywordTokens = (text: string): string[] => tokenizeFolded(fold(text)).map((token) => token.text);
