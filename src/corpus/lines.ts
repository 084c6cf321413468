/** A line of a file, without its end. */
export interface Line {
  /** From 0. */
  readonly number: number;
  /** Length in bytes. */
  readonly length: number;
  /** null: longer than the limit, and not held. */
  readonly bytes: Uint8Array | null;
}

const newline = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Splits a stream of bytes at newlines. Holds at most one line of at most `maximum` bytes; a newline at the end of the
 * file begins no further line; a byte order mark at its beginning is left out.
 */
export async function* splitLines(stream: AsyncIterable<Uint8Array>, maximum: number): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  const take = (): Line => {
    let bytes: Uint8Array | null = length > maximum ? null : parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    if (number === 0 && bytes && byteOrderMark.equals(bytes.subarray(0, 3))) bytes = bytes.subarray(3);
    if (bytes?.at(-1) === 0x0d) bytes = bytes.subarray(0, -1);
    const line = { number, length, bytes };
    number++;
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of stream) {
    let from = 0;
    while (from < chunk.length) {
      const at = chunk.indexOf(newline, from);
      const to = at < 0 ? chunk.length : at;
      length += to - from;
      if (length > maximum) parts = [];
      else parts.push(chunk.subarray(from, to));
      if (at < 0) break;
      yield take();
      from = at + 1;
    }
  }
  if (length > 0) yield take();
}

/** How many lines `splitLines` would give. */
export const countLines = async (stream: AsyncIterable<Uint8Array>): Promise<number> => {
  let newlines = 0;
  let last = newline;
  for await (const chunk of stream) {
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) newlines++;
    last = chunk.at(-1) ?? last;
  }
  return newlines + (last === newline ? 0 : 1);
};
