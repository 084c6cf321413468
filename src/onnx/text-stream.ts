/** Tokens that stay in view as context of the next ones: a decoder may treat the first token of a text differently. */
const context = 4;
/** Beyond this many tokens the window moves on, so that a long answer isn't decoded again for every token. */
const windowSize = 32;

export interface TextStream {
  /** The text that this token completes; '' while a character is unfinished. */
  push(token: number): string;
}

/**
 * Turns tokens into text as they come. A token of a byte-level vocabulary may end inside a UTF-8 character: the decoder
 * shows such an end as U+FFFD, which is held back until the next token completes it. What is still unfinished when the
 * answer ends is no character and is never given out.
 *
 * @param decode text of some tokens, special ones left out
 */
export const createTextStream = (decode: (tokens: readonly number[]) => string): TextStream => {
  let tokens: number[] = [];
  let given = 0;

  return {
    push(token) {
      tokens.push(token);
      const text = decode(tokens);
      const end = text.endsWith('\uFFFD') ? text.search(/\uFFFD+$/) : text.length;
      const piece = text.slice(given, end);
      given = Math.max(given, end);
      if (end === text.length && tokens.length > windowSize) {
        tokens = tokens.slice(-context);
        given = decode(tokens).length;
      }
      return piece;
    },
  };
};
