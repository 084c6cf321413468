import type { IntegerColumn } from './column.ts';
import { corrupt } from './file.ts';
import type { PhaseFiles } from './run-files.ts';

/** Positions count from 0; doubles only where a phase has over four milliard of them. */
export type Positions = Uint32Array | Float64Array;

export const createPositions = (length: number, largest: number): Positions =>
  largest < 2 ** 32 - 1 ? new Uint32Array(length) : new Float64Array(length);

const fault = (column: IntegerColumn, index: number, message: string, expected: string | number, found: number) =>
  corrupt(message, {
    file: column.file,
    offset: column.offsetOf(index),
    expected: String(expected),
    found: String(found),
    remedy: "Check that the cache belongs to the phase's dataPath, or copy it again.",
  });

/** Walks both arrays of the blend together. Returns how often each data set is drawn in the positions that were read. */
const checkBlend = async ({ blend, datasets, samples }: PhaseFiles): Promise<Float64Array> => {
  const { datasetIndex, datasetSampleIndex } = blend!;
  const drawn = new Float64Array(datasets.length);
  const read = new Float64Array(datasets.length);
  const draws = datasetSampleIndex.chunks();
  for await (const { from, values } of datasetIndex.chunks()) {
    const nths = (await draws.next()).value!.values as Float64Array;
    for (let index = 0; index < values.length; index += 1) {
      const ordinal = values[index]!;
      const source = datasets[ordinal];
      if (!source) {
        const message = 'dataset_index names a dataset that the blend does not have';
        throw fault(datasetIndex, from + index, message, `0 to ${datasets.length - 1}`, ordinal);
      }
      const nth = drawn[ordinal]!;
      if (nths[index] !== nth) {
        const message = `dataset_sample_index skips a draw from ${source.source}`;
        throw fault(datasetSampleIndex, from + index, message, nth, nths[index]!);
      }
      if (nth >= source.samples) {
        const message = `dataset_index draws too often from ${source.source}`;
        throw fault(datasetIndex, from + index, message, `${source.samples} draws`, nth + 1);
      }
      drawn[ordinal] = nth + 1;
      if (from + index < samples) read[ordinal]! += 1;
    }
  }
  return read;
};

/**
 * The phase's positions that read each data set, in order: the q-th of data set d is `draws[d][q]`. Without a blend the
 * q-th draw is position q.
 *
 * @throws TenkyoError `file_corrupt` when the arrays of the blend do not fit each other or the data sets
 */
export const readDraws = async (phase: PhaseFiles): Promise<Positions[]> => {
  const { blend, samples } = phase;
  if (!blend) {
    const positions = createPositions(samples, samples);
    for (let position = 0; position < samples; position += 1) positions[position] = position;
    return [positions];
  }
  const counts = await checkBlend(phase);
  const draws = [...counts].map((count) => createPositions(count, samples));
  const next = new Float64Array(draws.length);
  for await (const { from, values } of blend.datasetIndex.chunks()) {
    if (from >= samples) break;
    const end = Math.min(values.length, samples - from);
    for (let index = 0; index < end; index += 1) {
      const ordinal = values[index]!;
      const nth = next[ordinal]!;
      draws[ordinal]![nth] = from + index;
      next[ordinal] = nth + 1;
    }
  }
  return draws;
};
