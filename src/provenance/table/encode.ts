import type { DatasetStream } from '../megatron/dataset-stream.ts';
import { checksumOf } from './layout.ts';

/** A part of a source, with the S of its phase. */
export interface StreamPart {
  readonly stream: DatasetStream;
  readonly sequenceLength: number;
}

export interface EncodedSource {
  /** Of each record in the source's records; one more than there are documents. */
  readonly offsets: Float64Array;
  readonly neverRead: number;
  readonly occurrences: number;
}

interface EncodeOptions {
  readonly lengths: Int32Array;
  readonly parts: readonly StreamPart[];
  readonly positionBytes: number;
  /** Takes the bytes before it returns: the array is used again. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

const flushAt = 2 ** 20;
const longestVarint = 5;

/** Writes below 2^32 at `at`; returns where the next byte goes. */
const putVarint = (bytes: Uint8Array, at: number, value: number): number => {
  let rest = value;
  let to = at;
  while (rest > 127) {
    bytes[to] = (rest & 127) | 128;
    to += 1;
    rest >>>= 7;
  }
  bytes[to] = rest;
  return to + 1;
};

const putPosition = (bytes: Uint8Array, at: number, value: number, width: number): number => {
  let low = value >>> 0;
  const end = at + Math.min(width, 4);
  for (let to = at; to < end; to += 1) {
    bytes[to] = low;
    low >>>= 8;
  }
  if (width <= 4) return end;
  // Shifts work on 32 bits only.
  let high = Math.floor(value / 4_294_967_296);
  for (let to = end; to < at + width; to += 1) {
    bytes[to] = high;
    high >>>= 8;
  }
  return at + width;
};

/** What `putPart` counted, beside the bytes it wrote. */
interface Counts {
  occurrences: number;
  read: boolean;
}

/** The places of one document in one part. Returns where the next byte goes. */
const putPart = (
  bytes: Uint8Array,
  begun: number,
  { stream, sequenceLength }: StreamPart,
  sequence: number,
  length: number,
  positionBytes: number,
  counts: Counts,
): number => {
  const { begins, epochEnds, readAt, samples, labels, starts } = stream;
  const end = length === 0 ? 0 : starts[sequence + 1]!;
  let at = begun;
  let epoch = 0;
  let written = 0;
  for (let entry = starts[sequence]!; entry < end; entry += 1) {
    const begin = begins[entry]!;
    while (begin >= epochEnds[epoch]!) epoch += 1;
    let first = Math.floor(begin / sequenceLength);
    const asLabel = labels && begin > 0 && first * sequenceLength === begin;
    if (asLabel) first -= 1;
    const last = Math.min(samples - 1, Math.floor((begin + length - 1) / sequenceLength));
    if (last < first) continue;
    const placeAt = at;
    at = putVarint(bytes, at, last - first + 1);
    at = putVarint(bytes, at, epoch - written);
    at = putVarint(bytes, at, (first + 1) * sequenceLength - begin);
    let drawn = 0;
    for (let sample = first; sample <= last; sample += 1) {
      const position = readAt[sample]!;
      if (position !== 0) drawn += 1;
      at = putPosition(bytes, at, position, positionBytes);
    }
    if (drawn === 0) {
      at = placeAt;
      continue;
    }
    written = epoch;
    counts.occurrences += drawn;
    // Label-only readings are none.
    if (drawn > 1 || !asLabel || readAt[first] === 0) counts.read = true;
  }
  bytes[at] = 0;
  return at + 1;
};

/** Most bytes that the record of a document can take. */
const longestRecord = (
  parts: readonly StreamPart[],
  sequence: number,
  length: number,
  positionBytes: number,
): number => {
  let bytes = longestVarint + 1;
  for (const { stream, sequenceLength } of parts) {
    const places = stream.starts[sequence + 1]! - stream.starts[sequence]!;
    bytes += 1 + places * (3 * longestVarint + positionBytes * (Math.floor(length / sequenceLength) + 3));
  }
  return bytes;
};

/** Writes the records of one source (`layout.ts`), document after document. */
export const encodeSource = async (options: EncodeOptions): Promise<EncodedSource> => {
  const { lengths, parts, positionBytes, write } = options;
  const documents = lengths.length;
  const offsets = new Float64Array(documents + 1);
  const counts: Counts = { occurrences: 0, read: false };
  let bytes = new Uint8Array(2 * flushAt);
  let at = 0;
  let flushed = 0;
  let neverRead = 0;
  for (let sequence = 0; sequence < documents; sequence += 1) {
    const length = lengths[sequence]!;
    const need = longestRecord(parts, sequence, length, positionBytes);
    if (at >= flushAt || at + need > bytes.length) {
      await write(bytes.subarray(0, at));
      flushed += at;
      at = 0;
      if (need > bytes.length) bytes = new Uint8Array(need);
    }
    offsets[sequence] = flushed + at;
    const begin = at;
    counts.read = false;
    at = putVarint(bytes, at, length);
    for (const part of parts) at = putPart(bytes, at, part, sequence, length, positionBytes, counts);
    bytes[at] = checksumOf(bytes, begin, at, sequence);
    at += 1;
    if (!counts.read) neverRead += 1;
  }
  await write(bytes.subarray(0, at));
  offsets[documents] = flushed + at;
  return { offsets, neverRead, occurrences: counts.occurrences };
};
