import { fold } from '../../text/normalize.ts';
import { wordsOfFolded } from '../../text/tokens.ts';

/** Words that say nothing by themselves; Japanese ones in hiragana alone are left out by their script. */
const functionWords = new Set(
  'a an and are as at be by can did do does for from had has have how if in into is it its no not of on or so than that the their them then there these they this those to was were what when where which who why will with would yes you your'.split(
    ' ',
  ),
);
const hiraganaOnly = /^[\u3040-\u309fー]+$/u;

/** Whether a folded word says something by itself. */
export const isTelling = (word: string): boolean => !hiraganaOnly.test(word) && !functionWords.has(word);

/** What a sentence is about: its folded words without particles, endings and the like, repetitions kept. */
export const contentWords = (text: string): string[] =>
  wordsOfFolded(fold(text))
    .map((word) => word.text)
    .filter(isTelling);
