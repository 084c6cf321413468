import { checksumOf } from './layout.ts';

/** A place of a phase's stream where a document stands, and the samples that touch it. */
export interface Place {
  /** Index among the source's parts. */
  readonly part: number;
  readonly epoch: number;
  /** Tokens of the document. */
  readonly tokens: number;
  /** Tokens that the first sample takes as input; 0: one, as its label alone. */
  readonly boundary: number;
  /** Position within the phase that read each of the samples; −1: not drawn. */
  readonly positions: readonly number[];
}

interface Expectation {
  readonly sequence: number;
  readonly parts: number;
  readonly positionBytes: number;
}

/** The places of a record (`layout.ts`); null when it is not whole. */
export const decodeRecord = (
  record: Uint8Array,
  { sequence, parts, positionBytes }: Expectation,
): readonly Place[] | null => {
  const end = record.length - 1;
  if (checksumOf(record, 0, end, sequence) !== record[end]) return null;
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let factor = 1;
    while (at < end) {
      const byte = record[at]!;
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) break;
      factor *= 128;
    }
    return value;
  };
  const position = (): number => {
    let value = 0;
    for (let index = positionBytes - 1; index >= 0; index -= 1) value = value * 256 + (record[at + index] ?? 0);
    at += positionBytes;
    return value - 1;
  };
  const places: Place[] = [];
  const tokens = varint();
  for (let part = 0; part < parts; part += 1) {
    let epoch = 0;
    for (let samples = varint(); samples > 0; samples = varint()) {
      epoch += varint();
      const boundary = varint();
      // A damaged count must not be believed before the bytes are known to be there.
      if (at + samples * positionBytes > end) return null;
      const positions = Array.from({ length: samples }, position);
      places.push({ part, epoch, tokens, boundary, positions });
    }
  }
  return at === end ? places : null;
};
