import type { IntegerColumn } from './column.ts';
import { createPositions, type Positions } from './draws.ts';
import { corrupt } from './file.ts';
import type { DatasetFiles } from './run-files.ts';

/**
 * One phase's reading of one data set, turned around. The sequences in the order of `document_index` make a stream of
 * tokens; sample j is tokens j·S … j·S + S of it (S inputs and one label).
 */
export interface DatasetStream {
  /** Sequence s begins in the stream at tokens `begins[starts[s]] … begins[starts[s + 1] − 1]`, ascending: once an epoch. */
  readonly starts: Uint32Array;
  readonly begins: Float64Array;
  /** Token of the stream at which each epoch ends. */
  readonly epochEnds: Float64Array;
  /** By sample: the phase's position that read it, plus one; 0 where none did. */
  readonly readAt: Positions;
  readonly samples: number;
  readonly epochs: number;
  /** Sequences of the split: places of `document_index` an epoch. */
  readonly sequencesPerEpoch: number;
  /** Whether samples have a label token after their last input. */
  readonly labels: boolean;
}

const notThese =
  'The .idx file and the index caches may belong to different tokenisations; check prefix and cachePath.';

const fault = (
  column: IntegerColumn,
  index: number,
  message: string,
  expected: string | number,
  found: string | number,
) =>
  corrupt(message, {
    file: column.file,
    offset: column.offsetOf(index),
    expected: String(expected),
    found: String(found),
    remedy: notThese,
  });

/** Every sequence of the split must stand in document_index equally often: that many epochs. */
const countPlaces = async (column: IntegerColumn, sequences: number) => {
  const starts = new Uint32Array(sequences + 1);
  for await (const { from, values } of column.chunks()) {
    for (let index = 0; index < values.length; index += 1) {
      const sequence = values[index]!;
      if (!(sequence >= 0 && sequence < sequences)) {
        const message = 'document_index names a sequence that is not there';
        throw fault(column, from + index, message, `0 to ${sequences - 1}`, sequence);
      }
      starts[sequence + 1]! += 1;
    }
  }
  let epochs = 0;
  let sequencesPerEpoch = 0;
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    const times = starts[sequence + 1]!;
    if (times > 0) {
      sequencesPerEpoch += 1;
      if (epochs === 0) epochs = times;
      if (times !== epochs) {
        const message = `document_index does not hold sequence ${sequence} as often as the others`;
        throw fault(column, 0, message, `${epochs} times`, `${times} times`);
      }
    }
    starts[sequence + 1] = starts[sequence]! + times;
  }
  return { starts, epochs, sequencesPerEpoch };
};

/** sample_index, row after row: row j must point at token j·S of the stream. */
const createRowCheck = (column: IntegerColumn, sequenceLength: number) => {
  const chunks = column.chunks();
  let values: Float64Array = new Float64Array(0);
  let from = 0;
  let at = 0;
  let atEnd = -1;
  let atStart = -1;
  const next = async (): Promise<void> => {
    const { value, done } = await chunks.next();
    if (done) values = new Float64Array(0);
    else ({ from, values } = value);
    at = 0;
  };
  const refuse = (index: number): never => {
    const row = (from + index) / 2;
    const message = `sample_index row ${row} does not point at its token`;
    const found = `place ${values[index]}, offset ${values[index + 1]}`;
    throw fault(column, from + index, message, `token ${row * sequenceLength} of the stream`, found);
  };
  return {
    next,
    /**
     * Takes the rows that point at a place; false: the chunk is used up, and `next` must be called before it goes on.
     * All rows point at places in order, so one that points elsewhere is met at the wrong place.
     */
    place: (place: number, begin: number, length: number): boolean => {
      while (at < values.length) {
        const target = values[at]!;
        if (target > place) return true;
        const offset = values[at + 1]!;
        const row = (from + at) / 2;
        // The offset is the length where a run was made without the extra label token.
        if (!(target === place && offset >= 0 && offset <= length && begin + offset === row * sequenceLength))
          refuse(at);
        if (row > 0 && offset === length) atEnd = row;
        else if (row > 0 && offset === 0) atStart = row;
        at += 2;
      }
      return values.length === 0;
    },
    /** After the last place. Says whether samples have a label token. */
    end: (): boolean => {
      if (at < values.length) refuse(at);
      if (atEnd >= 0 && atStart >= 0) {
        const message = 'sample_index points at the ends of sequences in two ways';
        throw fault(column, 0, message, 'samples with a label token, or without', `rows ${atStart}, ${atEnd}`);
      }
      return atEnd < 0;
    },
  };
};

/** Where every sequence begins in the stream; and lengths, document_index and sample_index belong together. */
const readBegins = async (
  { documentIndex, sampleIndex }: DatasetFiles,
  lengths: Int32Array,
  sequenceLength: number,
) => {
  const { starts, epochs, sequencesPerEpoch } = await countPlaces(documentIndex, lengths.length);
  const begins = new Float64Array(documentIndex.length);
  const epochEnds = new Float64Array(epochs);
  const rows = createRowCheck(sampleIndex, sequenceLength);
  await rows.next();
  let tokens = 0;
  let epochEnd = sequencesPerEpoch;
  for await (const { from, values } of documentIndex.chunks()) {
    for (let index = 0; index < values.length; index += 1) {
      const place = from + index;
      const sequence = values[index]!;
      const length = lengths[sequence]!;
      while (!rows.place(place, tokens, length)) await rows.next();
      // Each start moves on to the next one as its places are filled in, and is put back below.
      const entry = starts[sequence]!;
      begins[entry] = tokens;
      starts[sequence] = entry + 1;
      tokens += length;
      if (place + 1 === epochEnd) {
        epochEnds[epochEnd / sequencesPerEpoch - 1] = tokens;
        epochEnd += sequencesPerEpoch;
      }
    }
  }
  while (!rows.place(documentIndex.length, tokens, 0)) await rows.next();
  const labels = rows.end();
  starts.copyWithin(1, 0, lengths.length);
  starts[0] = 0;
  return { starts, begins, epochEnds, epochs, sequencesPerEpoch, labels };
};

/** shuffle_index must name every sample once. */
const readShuffle = async (column: IntegerColumn, draws: Positions): Promise<Positions> => {
  const samples = column.length;
  const last = draws.length === 0 ? 0 : draws[draws.length - 1]!;
  const readAt = createPositions(samples, last + 2);
  const notDrawn = last + 2;
  for await (const { from, values } of column.chunks()) {
    for (let index = 0; index < values.length; index += 1) {
      const sample = values[index]!;
      if (!(sample >= 0 && sample < samples)) {
        const message = 'shuffle_index names a sample that is not there';
        throw fault(column, from + index, message, `0 to ${samples - 1}`, sample);
      }
      if (readAt[sample] !== 0) {
        throw fault(column, from + index, 'shuffle_index names a sample twice', 'each sample once', sample);
      }
      const draw = from + index;
      readAt[sample] = draw < draws.length ? draws[draw]! + 1 : notDrawn;
    }
  }
  if (draws.length < samples) {
    for (let sample = 0; sample < samples; sample += 1) if (readAt[sample] === notDrawn) readAt[sample] = 0;
  }
  return readAt;
};

/**
 * Reads the three arrays of `GPTDataset` from front to back, checks them against the token index and each other, and
 * turns them around.
 *
 * Memory: 8 bytes a place and 4 a sample, where the files have 4 and 12.
 *
 * @param draws positions of the phase that read this data set, in order
 * @throws TenkyoError `file_corrupt`
 */
export const readDatasetStream = async (
  files: DatasetFiles,
  lengths: Int32Array,
  draws: Positions,
  sequenceLength: number,
): Promise<DatasetStream> => ({
  ...(await readBegins(files, lengths, sequenceLength)),
  readAt: await readShuffle(files.shuffleIndex, draws),
  samples: files.samples,
});
