import type { Reconstruction } from '../run.ts';
import { createRandomState } from './random-state.ts';

/** The arrays of one `GPTDataset`, as Megatron builds them; 32-bit shapes only. */
export interface DatasetArrays {
  readonly documentIndex: Uint32Array;
  /** Two values a row: place and token offset. */
  readonly sampleIndex: Uint32Array;
  readonly shuffleIndex: Uint32Array;
}

export interface DatasetBuild {
  /** Tokens of every sequence of the data set. */
  readonly lengths: Int32Array;
  /** Sequences 0 … sequences − 1 are those of the training split. */
  readonly sequences: number;
  /** Samples asked of this data set; at least as many are built. */
  readonly samples: number;
  /** S, tokens of input in a sample. */
  readonly sequenceLength: number;
  readonly seed: number;
}

/** The last epoch is shuffled apart when less than this share of its samples is wanted. */
const separateBelow = 0.8;

/** Epochs, samples, and the samples before a last epoch that is shuffled apart (null: it is not). */
export const planDataset = (tokens: number, samples: number, sequenceLength: number) => {
  const samplesIn = (epochs: number): number => Math.floor((epochs * tokens - 1) / sequenceLength);
  const epochs = Math.max(1, Math.ceil((samples * sequenceLength + 1) / tokens));
  const before = samplesIn(epochs - 1);
  const separate = epochs > 1 && samples - before < Math.floor(separateBelow * samplesIn(1));
  return { epochs, built: samplesIn(epochs), samplesBeforeLastEpoch: separate ? before : null };
};

/** Row j: the place that holds token j·S of the stream, and the token's offset there (helpers.cpp, build_sample_idx). */
const buildSampleIndex = (
  { lengths, sequenceLength }: DatasetBuild,
  documentIndex: Uint32Array,
  samples: number,
): Uint32Array => {
  const rows = new Uint32Array(2 * (samples + 1));
  let place = 0;
  let tokensBefore = 0;
  for (let row = 1; row <= samples; row += 1) {
    const token = row * sequenceLength;
    for (;;) {
      const length = lengths[documentIndex[place]!]!;
      if (tokensBefore + length > token) break;
      tokensBefore += length;
      place += 1;
    }
    rows[2 * row] = place;
    rows[2 * row + 1] = token - tokensBefore;
  }
  return rows;
};

const ascending = (length: number): Uint32Array => {
  const values = new Uint32Array(length);
  for (let index = 0; index < length; index += 1) values[index] = index;
  return values;
};

/**
 * Builds the arrays of a data set from its lengths (megatron/core/datasets/gpt_dataset.py of core 0.13; the code before
 * core gives the same): one numpy RandomState shuffles the documents first, then the samples.
 */
export const buildDatasetArrays = (build: DatasetBuild): DatasetArrays => {
  const { lengths, sequences, samples, sequenceLength, seed } = build;
  let tokens = 0;
  for (let sequence = 0; sequence < sequences; sequence += 1) tokens += lengths[sequence]!;
  const plan = planDataset(tokens, samples, sequenceLength);
  const separate = plan.samplesBeforeLastEpoch !== null;
  const random = createRandomState(seed);

  const documentIndex = new Uint32Array(plan.epochs * sequences);
  for (let place = 0; place < documentIndex.length; place += 1) documentIndex[place] = place % sequences;
  const together = separate ? documentIndex.length - sequences : documentIndex.length;
  random.shuffle(documentIndex.subarray(0, together));
  random.shuffle(documentIndex.subarray(together));

  const sampleIndex = buildSampleIndex(build, documentIndex, plan.built);

  const shuffleIndex = ascending(plan.built);
  const first = plan.samplesBeforeLastEpoch ?? plan.built;
  random.shuffle(shuffleIndex.subarray(0, first));
  random.shuffle(shuffleIndex.subarray(first));
  return { documentIndex, sampleIndex, shuffleIndex };
};

/** numpy's order of additions (pairwise sum): another order may differ in the last bit, and so move a draw. */
const pairwiseSum = (values: readonly number[], from = 0, count = values.length): number => {
  if (count < 8) {
    let sum = 0;
    for (let index = 0; index < count; index += 1) sum += values[from + index]!;
    return sum;
  }
  if (count > 128) {
    const half = Math.floor(count / 2) - (Math.floor(count / 2) % 8);
    return pairwiseSum(values, from, half) + pairwiseSum(values, from + half, count - half);
  }
  const lanes = values.slice(from, from + 8);
  const whole = count - (count % 8);
  for (let index = 8; index < whole; index += 1) lanes[index % 8]! += values[from + index]!;
  const [a, b, c, d, e, f, g, h] = lanes as [number, number, number, number, number, number, number, number];
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let index = whole; index < count; index += 1) sum += values[from + index]!;
  return sum;
};

const normalised = (weights: readonly number[]): number[] => {
  const sum = pairwiseSum(weights);
  return weights.map((weight) => weight / sum);
};

export interface BlendPlan {
  /** Samples asked of each data set. */
  readonly samples: readonly number[];
  /** Positions of the blend. */
  readonly size: number;
  /** As the draw uses them. */
  readonly weights: readonly number[];
}

/** Half a per cent more is built than drawn, so that no data set runs dry. */
const surplus = 0.005;

/** Sizes of a blend (core: blended_megatron_dataset_builder.py; before: data/dataset_utils.py). */
export const planBlend = (weights: readonly number[], { rule, trainSamples }: Reconstruction): BlendPlan => {
  if (rule === 'core') {
    const once = normalised(weights);
    const wanted = once.map((weight) => Math.ceil(trainSamples * weight));
    return {
      samples: wanted.map((count) => Math.ceil(count * (1 + surplus))),
      size: wanted.reduce((sum, count) => sum + count, 0),
      weights: normalised(once),
    };
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const once = weights.map((weight) => weight / sum);
  const samples = once.map((weight) => Math.ceil(trainSamples * weight * 1.005));
  return { samples, size: samples.reduce((total, count) => total + count, 0), weights: normalised(once) };
};

export interface BlendArrays {
  readonly datasetIndex: Int16Array;
  readonly datasetSampleIndex: Float64Array;
}

/** Draws from the data set that lags most behind its weight; the first one wins a tie (helpers.cpp, build_blending_indices). */
export const buildBlendArrays = ({ weights, size }: BlendPlan): BlendArrays => {
  const shares = Float64Array.from(weights);
  const drawn = new Float64Array(weights.length);
  const datasetIndex = new Int16Array(size);
  const datasetSampleIndex = new Float64Array(size);
  for (let position = 0; position < size; position += 1) {
    const factor = Math.max(position, 1);
    let chosen = 0;
    let most = shares[0]! * factor - drawn[0]!;
    for (let index = 1; index < shares.length; index += 1) {
      const lag = shares[index]! * factor - drawn[index]!;
      if (lag > most) {
        most = lag;
        chosen = index;
      }
    }
    datasetIndex[position] = chosen;
    datasetSampleIndex[position] = drawn[chosen]!;
    drawn[chosen]! += 1;
  }
  return { datasetIndex, datasetSampleIndex };
};
