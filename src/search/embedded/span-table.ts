/** Units of a key: no shorter stretch can be looked up. */
export const keyLength = 8;

/** Stands between documents and in place of itself: it equals nothing, so no stretch runs over a document's end. */
const separator = 0xffff;

/** FNV-1a over the 16-bit units of a key. */
const hashAt = (codes: Uint16Array, position: number): number => {
  let hash = 0x811c9dc5;
  for (let index = position; index < position + keyLength; index++) hash = Math.imul(hash ^ codes[index]!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
};

/** Folded texts in one row of 16-bit units, and a hash table from every 8 of them to where they stand. */
export interface SpanTable {
  /** Calls `visit` with every place where the key at `codes[position]` may stand (the caller compares). */
  places(codes: Uint16Array, position: number, visit: (place: number) => void): void;
  /** Units that agree from here on, ending at a document's end. */
  agree(codes: Uint16Array, position: number, place: number): number;
  /** Whether unit `ahead` of a place equals that of the text. */
  agreesAt(codes: Uint16Array, position: number, place: number, ahead: number): boolean;
  /** Number of the document that holds a place, and the place within it. */
  documentAt(place: number): { document: number; offset: number };
}

export const toCodes = (text: string): Uint16Array => {
  const codes = new Uint16Array(text.length);
  for (let index = 0; index < text.length; index++) codes[index] = text.charCodeAt(index);
  return codes;
};

/** Adds folded texts one by one; `finish` in steps, so that the caller can breathe between them. */
export const createSpanTableBuilder = () => {
  let codes = new Uint16Array(1 << 16);
  let length = 0;
  const starts: number[] = [];

  const add = (folded: string): void => {
    if (length + folded.length + 1 > codes.length) {
      const grown = new Uint16Array(Math.max(codes.length * 2, length + folded.length + 1));
      grown.set(codes.subarray(0, length));
      codes = grown;
    }
    starts.push(length);
    for (let index = 0; index < folded.length; index++) codes[length++] = folded.charCodeAt(index);
    codes[length++] = separator;
  };

  /** Yields now and then while it hashes; returns the table. */
  function* finish(): Generator<undefined, SpanTable> {
    const text = codes.slice(0, length);
    const mask = (1 << Math.max(4, Math.ceil(Math.log2(length + 1)))) - 1;
    const heads = new Int32Array(mask + 1).fill(-1);
    const next = new Int32Array(length);
    // From the end, so that a chain runs from the first place to the last.
    for (let place = length - keyLength; place >= 0; place--) {
      const slot = hashAt(text, place) & mask;
      next[place] = heads[slot]!;
      heads[slot] = place;
      if ((place & 0x3fff) === 0) yield;
    }
    return {
      places: (other, position, visit) => {
        if (position + keyLength > other.length) return;
        for (let place = heads[hashAt(other, position) & mask]!; place >= 0; place = next[place]!) visit(place);
      },
      agree: (other, position, place) => {
        let units = 0;
        while (position + units < other.length && place + units < length) {
          const code = text[place + units]!;
          if (code === separator || code !== other[position + units]) break;
          units++;
        }
        return units;
      },
      agreesAt: (other, position, place, ahead) => text[place + ahead] === other[position + ahead],
      documentAt: (place) => {
        let low = 0;
        let high = starts.length;
        while (low < high) {
          const middle = (low + high) >>> 1;
          if (starts[middle]! <= place) low = middle + 1;
          else high = middle;
        }
        return { document: low - 1, offset: place - starts[low - 1]! };
      },
    };
  }

  return { add, finish };
};
