import type { CacheFiles } from './caches.ts';
import type { DatasetOrder } from './dataset-order.ts';
import { corrupt } from './file.ts';
import type { IntegerArray } from './integers.ts';
import { type NpyArray, readNpy } from './npy.ts';

/** Which dataset of the blend each position reads, and the how-manieth draw from it that is. */
export interface BlendOrder {
  readonly datasetIndex: IntegerArray;
  readonly datasetSampleIndex: IntegerArray;
}

const checkBlend = (dataset: NpyArray, draw: NpyArray, datasets: readonly DatasetOrder[]): void => {
  const fault = (array: NpyArray, index: number, message: string, expected: string | number, found: number) =>
    corrupt(message, {
      file: array.file,
      offset: array.offsetOf(index),
      expected: String(expected),
      found: String(found),
      remedy: "Check that the cache belongs to the phase's dataPath, or copy it again.",
    });
  if (draw.rows !== dataset.rows) {
    throw fault(draw, 0, 'dataset_index and dataset_sample_index differ in length', dataset.rows, draw.rows);
  }
  const drawn = new Float64Array(datasets.length);
  for (let position = 0; position < dataset.rows; position += 1) {
    const ordinal = dataset.data[position]!;
    const source = datasets[ordinal];
    if (!source) {
      const expected = `0 to ${datasets.length - 1}`;
      throw fault(dataset, position, 'dataset_index names a dataset that the blend does not have', expected, ordinal);
    }
    const nth = drawn[ordinal]!;
    if (draw.data[position] !== nth) {
      throw fault(draw, position, `dataset_sample_index skips a draw from ${source.source}`, nth, draw.data[position]!);
    }
    if (nth >= source.samples) {
      throw fault(
        dataset,
        position,
        `dataset_index draws too often from ${source.source}`,
        `${source.samples} draws`,
        nth + 1,
      );
    }
    drawn[ordinal] = nth + 1;
  }
};

/**
 * Reads the two arrays of `BlendedDataset` and checks them against the datasets.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt`
 */
export const readBlendOrder = async (
  files: NonNullable<CacheFiles['blend']>,
  datasets: readonly DatasetOrder[],
): Promise<BlendOrder> => {
  const [dataset, draw] = await Promise.all([
    readNpy(files.datasetIndex, { name: 'dataset_index', types: ['int16', 'uint8'], columns: 1 }),
    readNpy(files.datasetSampleIndex, { name: 'dataset_sample_index', types: ['int64'], columns: 1 }),
  ]);
  checkBlend(dataset, draw, datasets);
  return { datasetIndex: dataset.data, datasetSampleIndex: draw.data };
};
