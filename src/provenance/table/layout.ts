/**
 * The table of occurrences of one run, `occurrences.table`: which samples read which document, compact and on disk.
 * It is made from the run's index files and can always be made again.
 *
 * All integers little-endian; `varint` is LEB128: seven bits a byte, the low ones first, the high bit says "more".
 *
 *     bytes 0–7    "TENKYOOC"
 *     bytes 8–11   uint32, the version below
 *     then, source by source:
 *       records    one a document, in the order of its sequence
 *       directory  documents + 1 offsets of `offsetBytes` each: record s is bytes directory[s] … directory[s + 1] − 1
 *                  of this source's records
 *     then         the footer, JSON (`TableFooter`)
 *     last 16      uint32 footer bytes, uint32 CRC-32 of the footer, "TENKYOOC"
 *
 * A record:
 *
 *     varint tokens of the document
 *     for each of the source's `parts` (a phase that reads the source), in the footer's order:
 *       for each place of the phase's stream of tokens where the document stands and a drawn sample touches it:
 *         varint  samples that touch the place, 1 or more
 *         varint  epoch of the place, minus that of the place before (of this record and part)
 *         varint  boundary: tokens of the place that its first sample takes as input; 0: one, as its label alone
 *         for each of those samples: `positionBytes`, the phase's position that read it, plus one; 0: not drawn
 *       varint 0
 *     1 byte checksum: from the sequence's low byte on, sum × 31 + byte for each byte of the record, modulo 256
 *
 * Sample i (from 0) of a place takes tokens boundary + (i − 1)·S … boundary + i·S of the document, S the phase's
 * sequence length, cut at 0 and at the document's end. So a document costs two positioned reads: two neighbouring
 * offsets, then its record.
 */
export const tableVersion = 1;

export const tableMagic = 'TENKYOOC';
export const headBytes = 12;
export const tailBytes = 16;

/** A phase's reading of a source. */
export interface TablePart {
  /** Index among the run's phases. */
  readonly phase: number;
  /** Index in the phase's blend. */
  readonly ordinal: number;
  readonly samplesBuilt: number;
  readonly samplesDrawn: number;
  /** Epochs in the document_index, and its places in each. */
  readonly epochs: number;
  readonly sequencesPerEpoch: number;
}

export interface TableSource {
  readonly source: string;
  readonly documents: number;
  readonly tokens: number;
  /** Whether every line of the tokenised file is one sequence. */
  readonly oneToOne: boolean;
  /** Documents of which no drawn sample took a token as input. */
  readonly neverRead: number;
  /** Occurrences, label-only ones included. */
  readonly occurrences: number;
  readonly recordsAt: number;
  readonly recordsBytes: number;
  readonly directoryAt: number;
  readonly offsetBytes: number;
  readonly parts: readonly TablePart[];
}

export interface TableFooter {
  /** Of the run's files and settings: the table is made again when they differ. */
  readonly fingerprint: string;
  readonly positionBytes: number;
  readonly sources: readonly TableSource[];
}

/** Fewest bytes that hold `largest`. */
export const bytesFor = (largest: number): number => {
  let bytes = 1;
  while (largest >= 256 ** bytes) bytes += 1;
  return bytes;
};

/** The checksum of a record; any one changed byte changes it. */
export const checksumOf = (bytes: Uint8Array, from: number, to: number, sequence: number): number => {
  let sum = sequence & 0xff;
  for (let index = from; index < to; index += 1) sum = (Math.imul(sum, 31) + bytes[index]!) & 0xff;
  return sum;
};
