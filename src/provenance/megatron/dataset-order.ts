import type { DatasetCacheFiles } from './caches.ts';
import { corrupt } from './file.ts';
import type { IntegerArray } from './integers.ts';
import { type NpyArray, readNpy } from './npy.ts';
import type { TokenIndex } from './token-index.ts';

/**
 * In which order one phase reads one dataset. The sequences in the order of `documentIndex` make a stream of tokens;
 * sample j is tokens j·S … j·S + S of it (S inputs and one label); `shuffleIndex` says which sample is drawn when.
 */
export interface DatasetOrder {
  readonly source: string;
  /** Tokens of each sequence. */
  readonly lengths: IntegerArray;
  /** Sequence at each place of the stream; every sequence of the split stands in it once an epoch. */
  readonly documentIndex: IntegerArray;
  /** Row j: place in `documentIndex` that holds token j·S, and the token's offset in that sequence. samples + 1 rows. */
  readonly sampleIndex: IntegerArray;
  /** The sample drawn q-th. */
  readonly shuffleIndex: IntegerArray;
  /** Samples built; a run need not draw them all. */
  readonly samples: number;
  readonly epochs: number;
  /** Sequences of the split: entries of `documentIndex` an epoch. */
  readonly sequencesPerEpoch: number;
}

const notThese =
  'The .idx file and the index caches may belong to different tokenisations; check prefix and cachePath.';

const fault = (
  { file, offsetOf }: NpyArray,
  index: number,
  message: string,
  expected: string | number,
  found: string | number,
) =>
  corrupt(message, {
    file,
    offset: offsetOf(index),
    expected: String(expected),
    found: String(found),
    remedy: notThese,
  });

/** Every sequence of the split must stand in it equally often: that many epochs. */
const checkDocumentIndex = (array: NpyArray, sequences: number): { epochs: number; sequencesPerEpoch: number } => {
  const times = new Uint32Array(sequences);
  for (let place = 0; place < array.rows; place += 1) {
    const sequence = array.data[place]!;
    if (!(sequence >= 0 && sequence < sequences)) {
      throw fault(array, place, 'document_index names a sequence that is not there', `0 to ${sequences - 1}`, sequence);
    }
    times[sequence]! += 1;
  }
  const epochs = array.rows > 0 ? times[array.data[0]!]! : 0;
  let sequencesPerEpoch = 0;
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    if (times[sequence] === 0) continue;
    sequencesPerEpoch += 1;
    if (times[sequence] !== epochs) {
      const message = `document_index does not hold sequence ${sequence} as often as the others`;
      throw fault(array, 0, message, `${epochs} times`, `${times[sequence]} times`);
    }
  }
  return { epochs, sequencesPerEpoch };
};

/** Row j must point at token j·S of the stream: then lengths, document_index and sample_index belong together. */
const checkSampleIndex = (
  array: NpyArray,
  documentIndex: IntegerArray,
  lengths: IntegerArray,
  sequenceLength: number,
): void => {
  let place = 0;
  let tokensBefore = 0;
  for (let row = 0; row < array.rows; row += 1) {
    const token = row * sequenceLength;
    const target = array.data[2 * row]!;
    const offset = array.data[2 * row + 1]!;
    while (place < target && place < documentIndex.length) {
      tokensBefore += lengths[documentIndex[place]!]!;
      place += 1;
    }
    const length = place < documentIndex.length ? lengths[documentIndex[place]!]! : 0;
    // The offset may equal the length where a run was made without the extra label token.
    if (place !== target || offset < 0 || offset > length || tokensBefore + offset !== token) {
      const found = `place ${target}, offset ${offset}`;
      throw fault(
        array,
        2 * row,
        `sample_index row ${row} does not point at its token`,
        `token ${token} of the stream`,
        found,
      );
    }
  }
};

/** It must name every sample once. */
const checkShuffleIndex = (array: NpyArray, samples: number): void => {
  if (array.rows !== samples) {
    throw fault(array, 0, 'shuffle_index and sample_index do not fit', `${samples} samples`, array.rows);
  }
  const named = new Uint8Array(samples);
  for (let draw = 0; draw < samples; draw += 1) {
    const sample = array.data[draw]!;
    if (!(sample >= 0 && sample < samples)) {
      throw fault(array, draw, 'shuffle_index names a sample that is not there', `0 to ${samples - 1}`, sample);
    }
    if (named[sample] === 1) {
      throw fault(array, draw, 'shuffle_index names a sample twice', 'each sample once', sample);
    }
    named[sample] = 1;
  }
};

/**
 * Reads the three arrays of `GPTDataset` and checks them against the token index and each other.
 *
 * @param sequenceLength S, tokens of input in a sample
 * @throws TenkyoError `file_missing` or `file_corrupt`
 */
export const readDatasetOrder = async (
  source: string,
  { lengths }: TokenIndex,
  files: DatasetCacheFiles,
  sequenceLength: number,
): Promise<DatasetOrder> => {
  const [documents, samples, shuffle] = await Promise.all([
    readNpy(files.documentIndex, { name: 'document_index', types: ['int32', 'int64'], columns: 1 }),
    readNpy(files.sampleIndex, { name: 'sample_index', types: ['int32', 'int64'], columns: 2 }),
    readNpy(files.shuffleIndex, { name: 'shuffle_index', types: ['uint32', 'int64'], columns: 1 }),
  ]);
  const { epochs, sequencesPerEpoch } = checkDocumentIndex(documents, lengths.length);
  if (samples.rows === 0) throw fault(samples, 0, 'sample_index is empty', 'at least one row', 0);
  checkSampleIndex(samples, documents.data, lengths, sequenceLength);
  checkShuffleIndex(shuffle, samples.rows - 1);
  return {
    source,
    lengths,
    documentIndex: documents.data,
    sampleIndex: samples.data,
    shuffleIndex: shuffle.data,
    samples: samples.rows - 1,
    epochs,
    sequencesPerEpoch,
  };
};
