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

/** The name that was probably meant; null when none is within two slips. */
export const nearest = (given: string, names: readonly string[]): string | null => {
  const best = names
    .map((name) => ({ name, edits: name.startsWith(given) ? 1 : distance(given, name) }))
    .toSorted((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= 2 ? best.name : null;
};
