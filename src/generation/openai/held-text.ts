/** What may still become a character: the U+FFFD that a decoder shows for bytes that miss others, half a surrogate pair. */
const unfinished = /(?:\uFFFD+[\uD800-\uDBFF]?|[\uD800-\uDBFF])$/;

/**
 * Holds back the end of a text that may be half a character, until what follows shows what it is. What is still held when
 * the answer ends is no character and is never given out.
 */
export const createHeldText = (): { push(text: string): string } => {
  let held = '';
  return {
    push(text) {
      const all = held + text;
      const at = all.search(unfinished);
      held = at < 0 ? '' : all.slice(at);
      return at < 0 ? all : all.slice(0, at);
    },
  };
};
