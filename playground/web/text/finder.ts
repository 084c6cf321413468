/**
 * `indexOf` for questions whose `from` never falls: the last answer is kept, so that a text full of openers without a
 * closer is read once and not once an opener.
 *
 * @returns the first place at or after `from`, or `Infinity`
 */
export const createFinder = (text: string, needle: string): ((from: number) => number) => {
  let answer = -1;
  return (from) => {
    if (answer < from) {
      const found = text.indexOf(needle, from);
      answer = found === -1 ? Number.POSITIVE_INFINITY : found;
    }
    return answer;
  };
};
