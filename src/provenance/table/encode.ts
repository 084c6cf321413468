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

/** Writes the records of one source (`layout.ts`), document after document. */
export const encodeSource = async (options: EncodeOptions): Promise<EncodedSource> => {
  const { lengths, parts, positionBytes, write } = options;
  const documents = lengths.length;
  const offsets = new Float64Array(documents + 1);
  let bytes = new Uint8Array(2 * flushAt);
  let at = 0;
  let flushed = 0;
  let neverRead = 0;
  let occurrences = 0;

  const varint = (value: number): void => {
    let rest = value;
    while (rest > 127) {
      bytes[at] = (rest & 127) | 128;
      at += 1;
      rest >>>= 7;
    }
    bytes[at] = rest;
    at += 1;
  };
  const position = (value: number): void => {
    let rest = value;
    for (let index = 0; index < positionBytes; index += 1) {
      bytes[at] = rest & 255;
      at += 1;
      // Shifts work on 32 bits only.
      rest = rest < 4_294_967_296 ? rest >>> 8 : Math.floor(rest / 256);
    }
  };

  /** One place of the document; says whether a token of it was an input. */
  const place = (
    { readAt, tokensBefore, samples, sequencesPerEpoch, labels }: DatasetStream,
    where: number,
    length: number,
    sequenceLength: number,
    epochBefore: number,
  ): { epoch: number; read: boolean } | null => {
    const begin = tokensBefore[where]!;
    const asLabel = labels && begin > 0 && begin % sequenceLength === 0;
    const first = Math.floor(begin / sequenceLength) - (asLabel ? 1 : 0);
    const last = Math.min(samples - 1, Math.floor((begin + length - 1) / sequenceLength));
    let drawn = 0;
    for (let sample = first; sample <= last; sample += 1) if (readAt[sample] !== 0) drawn += 1;
    if (drawn === 0) return null;
    const epoch = Math.floor(where / sequencesPerEpoch);
    const boundary = (first + 1) * sequenceLength - begin;
    varint(last - first + 1);
    varint(epoch - epochBefore);
    varint(boundary);
    for (let sample = first; sample <= last; sample += 1) position(readAt[sample]!);
    occurrences += drawn;
    return { epoch, read: drawn > 1 || !asLabel || readAt[first] === 0 };
  };

  const longest = (sequence: number): number => {
    let samples = 0;
    let places = 0;
    for (const { stream, sequenceLength } of parts) {
      const here = stream.starts[sequence + 1]! - stream.starts[sequence]!;
      places += here;
      samples += here * (Math.floor(lengths[sequence]! / sequenceLength) + 3);
    }
    return longestVarint * (1 + parts.length + 3 * places) + positionBytes * samples + 1;
  };

  for (let sequence = 0; sequence < documents; sequence += 1) {
    const need = longest(sequence);
    if (at >= flushAt || at + need > bytes.length) {
      await write(bytes.subarray(0, at));
      flushed += at;
      at = 0;
      if (need > bytes.length) bytes = new Uint8Array(need);
    }
    offsets[sequence] = flushed + at;
    const begin = at;
    const length = lengths[sequence]!;
    let read = false;
    varint(length);
    for (let part = 0; part < parts.length; part += 1) {
      const { stream, sequenceLength } = parts[part]!;
      const end = length === 0 ? 0 : stream.starts[sequence + 1]!;
      let epoch = 0;
      for (let entry = stream.starts[sequence]!; entry < end; entry += 1) {
        const written = place(stream, stream.places[entry]!, length, sequenceLength, epoch);
        if (!written) continue;
        epoch = written.epoch;
        read ||= written.read;
      }
      varint(0);
    }
    bytes[at] = checksumOf(bytes, begin, at, sequence);
    at += 1;
    if (!read) neverRead += 1;
  }
  await write(bytes.subarray(0, at));
  offsets[documents] = flushed + at;
  return { offsets, neverRead, occurrences };
};
