import type { IntegerColumn } from './column.ts';
import { createPositions, type Positions } from './draws.ts';
import { corrupt } from './file.ts';
import type { DatasetFiles } from './run-files.ts';

/**
 * One phase's reading of one data set, turned around. The sequences in the order of `document_index` make a stream of
 * tokens; sample j is tokens j·S … j·S + S of it (S inputs and one label).
 */
export interface DatasetStream {
  /** Places of sequence s: `places[starts[s]] … places[starts[s + 1] − 1]`, ascending. */
  readonly starts: Uint32Array;
  readonly places: Uint32Array;
  /** Tokens of the stream before each place; one more value than there are places. */
  readonly tokensBefore: Float64Array;
  /** By sample: the phase's position that read it, plus one; 0 where none did. */
  readonly readAt: Positions;
  readonly samples: number;
  readonly epochs: number;
  /** Sequences of the split: places an epoch. */
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
const readPlaces = async (column: IntegerColumn, lengths: Int32Array) => {
  const sequences = lengths.length;
  const starts = new Uint32Array(sequences + 1);
  const tokensBefore = new Float64Array(column.length + 1);
  let tokens = 0;
  for await (const { from, values } of column.chunks()) {
    for (let index = 0; index < values.length; index += 1) {
      const sequence = values[index]!;
      if (!(sequence >= 0 && sequence < sequences)) {
        const message = 'document_index names a sequence that is not there';
        throw fault(column, from + index, message, `0 to ${sequences - 1}`, sequence);
      }
      starts[sequence + 1]! += 1;
      tokens += lengths[sequence]!;
      tokensBefore[from + index + 1] = tokens;
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
  const places = new Uint32Array(column.length);
  // Each start moves on to the next one as its places are filled in, and so must be put back afterwards.
  for await (const { from, values } of column.chunks()) {
    for (let index = 0; index < values.length; index += 1) {
      const sequence = values[index]!;
      const entry = starts[sequence]!;
      places[entry] = from + index;
      starts[sequence] = entry + 1;
    }
  }
  starts.copyWithin(1, 0, sequences);
  starts[0] = 0;
  return { starts, places, tokensBefore, epochs, sequencesPerEpoch };
};

/** Row j must point at token j·S of the stream: then lengths, document_index and sample_index belong together. */
const checkSampleIndex = async (
  column: IntegerColumn,
  tokensBefore: Float64Array,
  sequenceLength: number,
): Promise<{ labels: boolean }> => {
  const places = tokensBefore.length - 1;
  let atEnd = -1;
  let atStart = -1;
  for await (const { from, values } of column.chunks()) {
    for (let index = 0; index < values.length; index += 2) {
      const row = (from + index) / 2;
      const place = values[index]!;
      const offset = values[index + 1]!;
      const token = row * sequenceLength;
      const begin = place >= 0 && place <= places ? tokensBefore[place]! : Number.NaN;
      const length = place < places ? tokensBefore[place + 1]! - begin : 0;
      // The offset is the length where a run was made without the extra label token.
      if (!(offset >= 0 && offset <= length && begin + offset === token)) {
        const message = `sample_index row ${row} does not point at its token`;
        throw fault(column, from + index, message, `token ${token} of the stream`, `place ${place}, offset ${offset}`);
      }
      if (row > 0 && offset === length) atEnd = row;
      else if (row > 0 && offset === 0) atStart = row;
      if (atEnd >= 0 && atStart >= 0) {
        const message = 'sample_index points at the ends of sequences in two ways';
        throw fault(
          column,
          from + index,
          message,
          'samples with a label token, or without',
          `rows ${atStart}, ${atEnd}`,
        );
      }
    }
  }
  return { labels: atEnd < 0 };
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
 * Memory: 12 bytes a place and 4 a sample, where the files have 4 and 12.
 *
 * @param draws positions of the phase that read this data set, in order
 * @throws TenkyoError `file_corrupt`
 */
export const readDatasetStream = async (
  files: DatasetFiles,
  lengths: Int32Array,
  draws: Positions,
  sequenceLength: number,
): Promise<DatasetStream> => {
  const places = await readPlaces(files.documentIndex, lengths);
  const { labels } = await checkSampleIndex(files.sampleIndex, places.tokensBefore, sequenceLength);
  const readAt = await readShuffle(files.shuffleIndex, draws);
  return { ...places, labels, readAt, samples: files.samples };
};
