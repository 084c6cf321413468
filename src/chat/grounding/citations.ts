import { fold } from '../../text/normalize.ts';
import { sentenceRanges } from '../../text/sentences.ts';
import { contentWords } from './content-words.ts';
import type { CitedSentence, GroundingPassage } from './grounding.ts';

const marker = /\s*[[［【](\d{1,3})[\]］】]/gu;
/** Citations that follow the end of a sentence belong to it: `…である。[1]`. */
const leading = /^(?:\s*[[［【]\d{1,3}[\]］】])+/u;
/** The share of a sentence's content words, by length, that must stand in the passage. */
const leastShare = 0.6;
/** This many characters of a sentence in a row say enough about where it comes from. */
const tellingSpan = 16;
const numbers = /\d+(?:[.,]\d+)*/g;

const parts = (text: string): string[] => {
  const found: string[] = [];
  for (const [start, end] of sentenceRanges(text)) {
    let part = text.slice(start, end);
    const late = leading.exec(part)?.[0];
    if (late !== undefined && found.length > 0) {
      found[found.length - 1] += late;
      part = part.slice(late.length);
    }
    if (part !== '') found.push(part);
  }
  return found;
};

/** Latin words count as words only: `art` does not stand in `earth`. */
const holdsWord = (passage: string, word: string): boolean =>
  /^[\p{Script=Latin}\d]+$/u.test(word)
    ? new RegExp(`(?<![\\p{Script=Latin}\\d])${word}(?![\\p{Script=Latin}\\d])`, 'u').test(passage)
    : passage.includes(word);

const holdsSpan = (passage: string, sentence: string): boolean => {
  for (let start = 0; start + tellingSpan <= sentence.length; start++) {
    if (passage.includes(sentence.slice(start, start + tellingSpan))) return true;
  }
  return false;
};

/**
 * Whether what a sentence says stands in a passage or its title: every number, and either most of its content words or
 * a long stretch of it. That is a check of words, not of sense: a sentence that turns the passage's around by a `not`
 * passes.
 */
export const isSupported = (sentence: string, { title, text }: Pick<GroundingPassage, 'title' | 'text'>): boolean => {
  const passage = fold(`${title ?? ''}\n${text}`);
  const said = fold(sentence).trim();
  if (said === '') return false;
  const numbersIn = (some: string): string[] => some.match(numbers) ?? [];
  const there = new Set(numbersIn(passage));
  if (!numbersIn(said).every((number) => there.has(number))) return false;
  const words = contentWords(sentence);
  const length = (some: readonly string[]): number => some.reduce((sum, word) => sum + word.length, 0);
  if (words.length > 0 && length(words.filter((word) => holdsWord(passage, word))) >= leastShare * length(words)) {
    return true;
  }
  return holdsSpan(passage, said);
};

/** The sentences of an answer with what they cite, each citation checked against the passages that were given. */
export const checkCitations = (answer: string, passages: readonly GroundingPassage[]): CitedSentence[] =>
  parts(answer).flatMap((part) => {
    const text = part.replace(marker, '');
    const cited = [...new Set([...part.matchAll(marker)].map(([, number]) => Number(number)))];
    if (text.trim() === '' && cited.length === 0) return [];
    const citations = cited.map((number) => {
      const passage = passages.find((one) => one.number === number);
      return { number, supported: passage !== undefined && isSupported(text, passage) };
    });
    return [{ text, citations }];
  });

/** The passages that accepted citations name. */
export const citedSources = (
  sentences: readonly CitedSentence[],
  passages: readonly GroundingPassage[],
): GroundingPassage[] => {
  const accepted = new Set(
    sentences.flatMap(({ citations }) => citations.filter(({ supported }) => supported).map(({ number }) => number)),
  );
  return passages.filter(({ number }) => accepted.has(number));
};
