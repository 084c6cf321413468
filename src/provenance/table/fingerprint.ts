import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { RunFiles } from '../megatron/run-files.ts';
import { tableVersion } from './layout.ts';

/**
 * What a table was made from: the run's settings that its records depend on, and path, size and times of every index
 * file. Reading the files themselves would cost as much as making the table.
 */
export const fingerprintOf = async ({ phases, tokenIndexes, paths }: RunFiles): Promise<string> => {
  const files = await Promise.all(
    paths.map(async (path) => {
      const { size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
      return [path, String(size), String(mtimeNs), String(ctimeNs)];
    }),
  );
  const settings = phases.map(({ phase, samples, blend, datasets }) => [
    phase.sequenceLength,
    samples,
    blend !== null,
    datasets.map(({ source }) => source),
  ]);
  const text = JSON.stringify([tableVersion, settings, [...tokenIndexes.keys()], files]);
  return createHash('sha256').update(text).digest('hex');
};
