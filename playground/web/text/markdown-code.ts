/**
 * Code spans of a text: n backticks up to the next n backticks. All runs are looked up in one pass, so that runs of
 * ever other lengths cost no more than the text is long.
 */
export const createCodeSpans = (text: string): ((at: number) => { code: string; end: number } | { skip: number }) => {
  const byLength = new Map<number, { places: number[]; next: number }>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const runs = byLength.get(run.length) ?? { places: [], next: 0 };
    runs.places.push(index);
    byLength.set(run.length, runs);
  }
  return (at) => {
    let length = 0;
    while (text[at + length] === '`') length += 1;
    const runs = byLength.get(length);
    if (runs) {
      while ((runs.places[runs.next] ?? Number.POSITIVE_INFINITY) <= at) runs.next += 1;
      const close = runs.places[runs.next];
      if (close !== undefined) {
        const code = text.slice(at + length, close).replaceAll('\n', ' ');
        const padded = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '';
        return { code: padded ? code.slice(1, -1) : code, end: close + length };
      }
    }
    return { skip: length };
  };
};
