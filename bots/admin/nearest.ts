/** Edits (insert, delete, replace) that make one word the other: Levenshtein's distance. */
const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
};

const slips = (given: string, name: string): number => (name.startsWith(given) ? 1 : distance(given, name));

/** A longer word is no slip of the finger, and comparing it would take long. */
const longestWord = 30;

/**
 * The name that was probably meant; null when none is within two slips. Names of two words are compared with two
 * words; where the first word is right the second may be anything.
 */
export const nearest = (given: string, names: readonly string[]): string | null => {
  const words = given.split(' ').map((word) => word.slice(0, longestWord));
  const best = names
    .map((name) => {
      const parts = name.split(' ');
      const taken = words.slice(0, parts.length).join(' ');
      const edits = slips(taken, name);
      return { name, edits: parts.length > 1 && parts[0] === words[0] ? Math.min(edits, 2) + edits / 100 : edits };
    })
    .toSorted((a, b) => a.edits - b.edits)[0];
  return best && best.edits < 3 ? best.name : null;
};
