import type { CitedSentence } from './grounding.ts';

/** Closing punctuation goes after the numbers, as they are mostly written: `…である[1]。` stays readable either way. */
const ending = /([。．.!?！？]*)(\s*)$/u;

/** A checked answer as a text: accepted citations as [n], the others by what `unsupported` says of them. */
export const citedText = (sentences: readonly CitedSentence[], unsupported: (number: number) => string): string =>
  sentences
    .map(({ text, citations }) => {
      if (citations.length === 0) return text;
      const marks = citations.map(({ number, supported }) => (supported ? `[${number}]` : unsupported(number)));
      return text.replace(ending, (_, stop: string, space: string) => ` ${marks.join('')}${stop}${space}`);
    })
    .join('');
