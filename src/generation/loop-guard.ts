export interface LoopLimits {
  /** Times a block has to stand in a row before it counts as a loop. */
  readonly repeats: number;
  /** Characters that the repeated blocks must have together. */
  readonly minLength: number;
  /** The same where the block has no letter: rules of tables, matrices, dice. */
  readonly minLengthWithoutLetters: number;
  /** Longest block looked for, in characters. */
  readonly maxBlock: number;
}

/**
 * Chosen on the 80 answers of llm-jp-13b v1.0 to the Japanese Vicuna questions: they cut both of its endless answers
 * (at 369 of 3,503 and at 579 of 3,761 characters) and none of the other 78, nor any of the 600 texts of the
 * demonstration corpus. Two or three repeats would have cut the same ones; four leave room for refrains.
 */
export const defaultLoopLimits: LoopLimits = {
  repeats: 4,
  minLength: 96,
  minLengthWithoutLetters: 400,
  maxBlock: 400,
};

export interface LoopGuard {
  /** Adds written text. @returns whether the text now ends in a loop */
  add(text: string): boolean;
}

/**
 * Notices that a model repeats itself without end: the text ends in one block of characters, written several times in a
 * row with nothing between. Lists, tables and refrains vary, or repeat less; they pass.
 */
export const createLoopGuard = (limits: LoopLimits = defaultLoopLimits): LoopGuard => {
  let tail = '';
  const longest = Math.max(
    limits.minLengthWithoutLetters + limits.maxBlock,
    limits.minLength + limits.maxBlock,
    limits.repeats * limits.maxBlock,
  );
  return {
    add(text) {
      // One character at a time: a long piece may begin in a loop and end outside it.
      for (const character of text) {
        tail += character;
        if (endsInLoop(tail, limits)) return true;
      }
      if (tail.length > 2 * longest) tail = tail.slice(-longest);
      return false;
    },
  };
};

const endsInLoop = (text: string, { repeats, minLength, minLengthWithoutLetters, maxBlock }: LoopLimits): boolean => {
  for (let block = 1; block <= maxBlock && block * repeats <= text.length; block += 1) {
    const least = Math.max(block * repeats, minLength);
    if (!repeatsFor(text, block, least)) continue;
    if (/\p{L}/u.test(text.slice(-block)) || repeatsFor(text, block, minLengthWithoutLetters)) return true;
  }
  return false;
};

/** Whether the last `length` characters are a row of blocks of `block` characters (the first of them may be partial). */
const repeatsFor = (text: string, block: number, length: number): boolean => {
  if (text.length < length) return false;
  for (let at = text.length - 1; at >= text.length - length + block; at -= 1) {
    if (text.charCodeAt(at) !== text.charCodeAt(at - block)) return false;
  }
  return true;
};
