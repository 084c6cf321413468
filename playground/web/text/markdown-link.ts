// Bounded everywhere: an unclosed target is given up soon, whatever stands behind it.
const target =
  /\(\s{0,8}<?([^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500}){0,4})>?(?:\s{1,8}"[^"\n]{0,500}")?\s{0,8}\)/y;

/** Partner of every `[` (the place of its `]`), found in one pass. */
export const matchBrackets = (text: string): Map<number, number> => {
  const open: number[] = [];
  const partner = new Map<number, number>();
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '[') open.push(at);
    else if (text[at] === ']') {
      const from = open.pop();
      if (from !== undefined) partner.set(from, at);
    }
  }
  return partner;
};

/** `(address "title")` behind a label's `]`: the address and where the text goes on, or null. */
export const parseTarget = (text: string, at: number): { address: string; end: number } | null => {
  target.lastIndex = at;
  const match = target.exec(text);
  return match ? { address: match[1] ?? '', end: at + match[0].length } : null;
};
