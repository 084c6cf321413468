/**
 * A value as one line of JSONL. Beside what JSON itself escapes, every character that some reader takes for the end of
 * a line is escaped (U+0085, U+2028, U+2029), and halves of surrogate pairs, which no UTF-8 file holds, are U+FFFD.
 */
export const jsonLine = (value: unknown): string => {
  const json = JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part));
  return `${json.replace(/[\u0085\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
};
