/** Megatron's index arrays, built by its rules (gpt_dataset.py, blended_dataset.py and helpers.cpp of core 0.13). */

export interface DatasetArrays {
  readonly documentIndex: readonly number[];
  /** Two values a row. */
  readonly sampleIndex: readonly number[];
  readonly shuffleIndex: readonly number[];
  readonly epochs: number;
  readonly separateLastEpoch: boolean;
}

/** Numbers in [0, 1). */
export type Random = () => number;

const shuffled = (values: number[], random: Random): number[] => {
  for (let index = values.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [values[index], values[other]] = [values[other]!, values[index]!];
  }
  return values;
};

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

/** Walks the documents as helpers.cpp does, to where each sample's label stands. */
const buildSampleIndex = (
  lengths: readonly number[],
  documentIndex: readonly number[],
  samples: number,
  sequenceLength: number,
): number[] => {
  const rows = [0, 0];
  let place = 0;
  let offset = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    let remaining = sequenceLength + 1;
    while (remaining !== 0) {
      const length = lengths[documentIndex[place]!]! - offset;
      remaining -= length;
      if (remaining <= 0) {
        offset += remaining + length - 1;
        remaining = 0;
      } else {
        place += 1;
        offset = 0;
      }
    }
    rows.push(place, offset);
  }
  return rows;
};

/** @param wanted samples that the training asks for; at least as many are built */
export const buildDataset = (
  lengths: readonly number[],
  wanted: number,
  sequenceLength: number,
  random: Random,
): DatasetArrays => {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const epochs = Math.ceil((wanted * sequenceLength + 1) / tokens);
  const samples = Math.floor((epochs * tokens - 1) / sequenceLength);
  const before = Math.floor(((epochs - 1) * tokens - 1) / sequenceLength);
  const perEpoch = Math.floor((tokens - 1) / sequenceLength);
  const separateLastEpoch = epochs > 1 && wanted - before < Math.floor(0.8 * perEpoch);
  const times = (count: number): number[] => Array.from({ length: count }, () => range(0, lengths.length)).flat();
  const documentIndex = separateLastEpoch
    ? [...shuffled(times(epochs - 1), random), ...shuffled(times(1), random)]
    : shuffled(times(epochs), random);
  const shuffleIndex = separateLastEpoch
    ? [...shuffled(range(0, before), random), ...shuffled(range(before, samples), random)]
    : shuffled(range(0, samples), random);
  const sampleIndex = buildSampleIndex(lengths, documentIndex, samples, sequenceLength);
  return { documentIndex, sampleIndex, shuffleIndex, epochs, separateLastEpoch };
};

export interface BlendArrays {
  readonly datasetIndex: readonly number[];
  readonly datasetSampleIndex: readonly number[];
}

/** Draws from the dataset that lags most behind its weight. */
export const buildBlend = (weights: readonly number[], size: number): BlendArrays => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = weights.map(() => 0);
  const datasetIndex: number[] = [];
  const datasetSampleIndex: number[] = [];
  for (let position = 0; position < size; position += 1) {
    const lag = weights.map((weight, index) => (weight / total) * Math.max(position, 1) - drawn[index]!);
    const chosen = lag.indexOf(Math.max(...lag));
    datasetIndex.push(chosen);
    datasetSampleIndex.push(drawn[chosen]!);
    drawn[chosen]! += 1;
  }
  return { datasetIndex, datasetSampleIndex };
};
