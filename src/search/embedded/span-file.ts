import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { DocumentRef } from '../../corpus/document.ts';
import { suffixArray } from './suffix-array.ts';

/** Name of the file of a build that holds the suffix arrays. */
export const spanFileName = 'spans.bin';

/** Units of a segment, about: its array is made in one go, with 20 bytes a unit at the peak. */
const defaultSegmentUnits = 16 << 20;
/** Stands between documents, and in place of U+FFFF: no stretch holds it. Every other unit has a code from 1. */
export const separator = 0;

/** Where a segment's arrays begin in the file, in bytes; each is aligned to its elements. */
interface SegmentPlace {
  /** Units with the separators, also the suffixes. */
  readonly units: number;
  readonly documents: number;
  readonly text: number;
  readonly array: number;
  /** Three arrays of one number a document: where it begins in the text, its row, its sequence number. */
  readonly starts: number;
  readonly rows: number;
  readonly sequences: number;
  readonly sources: number;
  /** The units that have a code, in the order of their codes. */
  readonly alphabet: number;
  readonly letters: number;
}

interface Footer {
  readonly version: 1;
  readonly sources: readonly string[];
  readonly segments: readonly SegmentPlace[];
}

export interface SpanDocument extends DocumentRef {
  readonly row: number;
  readonly folded: string;
}

const view = (array: Uint16Array | Uint32Array | Int32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Writes documents, in order, as segments of text and suffix array; the last thing in the file says where all is. */
export const createSpanFile = (path: string, { segmentUnits = defaultSegmentUnits } = {}) => {
  const file = openSync(path, 'w');
  const sources: string[] = [];
  const segments: SegmentPlace[] = [];
  let at = 0;
  let pending: SpanDocument[] = [];
  let units = 0;

  const write = (array: Uint16Array | Uint32Array | Int32Array): number => {
    const bytes = view(array);
    const begin = at;
    for (let done = 0; done < bytes.length; )
      done += writeSync(file, bytes, done, Math.min(bytes.length - done, 1 << 26));
    at += bytes.length;
    const padding = -at & 7;
    if (padding > 0) at += writeSync(file, new Uint8Array(padding));
    return begin;
  };

  const numberOf = (source: string): number => {
    const known = sources.indexOf(source);
    return known >= 0 ? known : sources.push(source) - 1;
  };

  const flush = (): void => {
    if (pending.length === 0) return;
    const codeOf = new Uint16Array(1 << 16);
    const letters: number[] = [];
    const text = new Uint16Array(units);
    const starts = new Uint32Array(pending.length);
    let end = 0;
    for (const [number, { folded }] of pending.entries()) {
      starts[number] = end;
      for (let index = 0; index < folded.length; index++) {
        const unit = folded.charCodeAt(index);
        if (codeOf[unit] === 0 && unit !== 0xffff) codeOf[unit] = letters.push(unit);
        text[end++] = codeOf[unit]!;
      }
      text[end++] = separator;
    }
    segments.push({
      units,
      documents: pending.length,
      text: write(text),
      array: write(suffixArray(text, letters.length)),
      starts: write(starts),
      rows: write(Uint32Array.from(pending, ({ row }) => row)),
      sequences: write(Uint32Array.from(pending, ({ sequence }) => sequence)),
      sources: write(Uint16Array.from(pending, ({ source }) => numberOf(source))),
      alphabet: write(Uint16Array.from(letters)),
      letters: letters.length,
    });
    pending = [];
    units = 0;
  };

  return {
    add: (document: SpanDocument): void => {
      if (units > 0 && units + document.folded.length + 1 > segmentUnits) flush();
      pending.push(document);
      units += document.folded.length + 1;
    },
    /** Bytes of the whole file. */
    finish: (): number => {
      flush();
      const footer = Buffer.from(JSON.stringify({ version: 1, sources, segments } satisfies Footer));
      writeSync(file, footer);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(footer.length);
      writeSync(file, length);
      closeSync(file);
      return at + footer.length + length.length;
    },
    abandon: (): void => closeSync(file),
  };
};

/** Elements of a page. */
const pageBits = 14;
const pageMask = (1 << pageBits) - 1;
/** Pages held at once, of all arrays of a file: beyond, those read first are dropped. The system keeps its own copy. */
const defaultBudget = 256 << 20;

export interface OpenSpanFile {
  readonly sources: readonly string[];
  readonly segments: readonly SpanSegment[];
  close(): void;
}

/** One segment: its text as codes, and its suffixes in order. Both are read as they are needed. */
export interface SpanSegment {
  readonly units: number;
  unitAt(index: number): number;
  suffixAt(index: number): number;
  /** Code of a UTF-16 unit; 0: it does not stand in the segment. */
  readonly codeOf: Uint16Array;
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  readonly sequences: Uint32Array;
  readonly sources: Uint16Array;
}

/** @throws Error when the file does not end as one of these does */
export const openSpanFile = (path: string, { budget = defaultBudget } = {}): OpenSpanFile => {
  const file = openSync(path, 'r');
  const readBytes = (from: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const got = readSync(file, bytes, done, length - done, from + done);
      if (got === 0) throw new Error(`the file ends at byte ${from + done}`);
      done += got;
    }
    return bytes;
  };
  const held: { pages: (Uint16Array | Uint32Array | undefined)[]; page: number; bytes: number }[] = [];
  let heldBytes = 0;

  const paged = (from: number, count: number, bits: 16 | 32): ((index: number) => number) => {
    const pages: (Uint16Array | Uint32Array | undefined)[] = new Array((count >>> pageBits) + 1);
    const size = bits / 8;
    const load = (page: number): Uint16Array | Uint32Array => {
      const first = page << pageBits;
      const bytes = readBytes(from + first * size, Math.min(pageMask + 1, count - first) * size);
      const loaded = bits === 16 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
      pages[page] = loaded;
      held.push({ pages, page, bytes: bytes.length });
      heldBytes += bytes.length;
      while (heldBytes > budget && held.length > 1) {
        const oldest = held.shift()!;
        oldest.pages[oldest.page] = undefined;
        heldBytes -= oldest.bytes;
      }
      return loaded;
    };
    return (index) => (pages[index >>> pageBits] ?? load(index >>> pageBits))[index & pageMask]!;
  };

  try {
    const bytes = fstatSync(file).size;
    const length = Buffer.from(readBytes(bytes - 4, 4)).readUInt32LE();
    const footer = JSON.parse(Buffer.from(readBytes(bytes - 4 - length, length)).toString('utf8')) as Footer;
    if (footer.version !== 1) throw new Error(`version ${footer.version}`);
    const words = (from: number, count: number) => new Uint32Array(readBytes(from, count * 4).buffer);
    const halves = (from: number, count: number) => new Uint16Array(readBytes(from, count * 2).buffer);
    const segments = footer.segments.map((place): SpanSegment => {
      const codeOf = new Uint16Array(1 << 16);
      for (const [index, unit] of halves(place.alphabet, place.letters).entries()) codeOf[unit] = index + 1;
      return {
        units: place.units,
        unitAt: paged(place.text, place.units, 16),
        suffixAt: paged(place.array, place.units, 32),
        codeOf,
        starts: words(place.starts, place.documents),
        rows: words(place.rows, place.documents),
        sequences: words(place.sequences, place.documents),
        sources: halves(place.sources, place.documents),
      };
    });
    return { sources: footer.sources, segments, close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
};
