const decode = (bytes: Uint8Array, encoding: string): string | null => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** A text file's text: UTF-8, UTF-16 with its mark, or what Japanese tools wrote before; null: it is no text. */
export const decodeText = (bytes: Uint8Array): string | null => {
  const [first, second] = bytes;
  const marked = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;
  const text = marked
    ? decode(bytes, marked)
    : (decode(bytes, 'utf-8') ?? decode(bytes, 'shift_jis') ?? decode(bytes, 'euc-jp'));
  return text === null || text.includes('\u0000') ? null : text;
};
