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

/**
 * The words of a folded text that touch one of some ranges, in order, as `wordsOfFolded` gives them: making the others
 * is most of the work.
 *
 * @param ranges in order, disjoint
 */
export const wordsTouching = (folded: string, ranges: readonly (readonly [start: number, end: number])[]): Token[] => {
  const segments = words.segment(folded);
  const found: Token[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    at = Math.max(at, start);
    while (at < end) {
      const { segment, index, isWordLike } = segments.containing(at)!;
      at = index + segment.length;
      if (isWordLike) found.push({ text: segment, start: index, end: at });
    }
  }
  return telling(found);
};

/** The character pairs of Japanese runs, and other runs whole, particles left out. */
export const pairsOfFolded = (folded: string): Token[] => telling(runTokens(folded));

/**
 * The tokens of a folded text, for keyword search: the words that ICU's dictionary finds, and beside them the
 * character bigrams of Japanese runs (other runs whole); short hiragana are left out. A word that is a run of its own
 * comes twice, as it was measured. The same recipe serves documents, queries and highlights in every index adapter.
 */
export const tokenizeFolded = (folded: string): Token[] => [...wordsOfFolded(folded), ...pairsOfFolded(folded)];

/** The keyword tokens of any text, in order, repetitions kept. */
export const keywordTokens = (text: string): string[] => tokenizeFolded(fold(text)).map((token) => token.text);
