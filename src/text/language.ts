export type Language = 'ja' | 'en';

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/**
 * A guess at a text's language: Japanese when a fifth of its letters are kana or kanji (names and units in Latin
 * letters stand in Japanese too), English when the rest are mostly Latin; null when there is too little to say.
 */
export const guessLanguage = (text: string): Language | null => {
  const letters = count(text, /\p{L}/gu);
  if (letters === 0) return null;
  if (count(text, /[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f々〆]/gu) / letters >= 0.2) return 'ja';
  return count(text, /[A-Za-z\uff21-\uff3a\uff41-\uff5a]/gu) / letters >= 0.8 ? 'en' : null;
};
