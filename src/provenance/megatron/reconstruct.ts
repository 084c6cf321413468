import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TenkyoError } from '../../errors.ts';
import type { Phase, Reconstruction } from '../run.ts';
import { halfMade, removeAbandoned } from '../table/half-made.ts';
import { buildBlendArrays, buildDatasetArrays, planBlend, planDataset } from './build-arrays.ts';
import type { BlendCacheFiles, CacheFiles, DatasetCacheFiles } from './caches.ts';
import { checkTokenIndex, type TokenIndex } from './token-index.ts';
import { writeNpy } from './write-npy.ts';

interface ReconstructOptions {
  readonly phase: Phase;
  readonly tokenIndexes: ReadonlyMap<string, TokenIndex>;
  /** The run's own folder; the arrays lie in `caches/` of it. */
  readonly directory: string;
  /** The datasets' own arrays, where only the blend is made anew. */
  readonly datasets: readonly DatasetCacheFiles[] | null;
}

/** Raised when the same settings give other arrays. */
const version = 1;

const refuse = (phase: Phase, expected: string, found: string): TenkyoError =>
  new TenkyoError('config_invalid', `The index caches of phase "${phase.name}" cannot be made anew`, {
    expected,
    found,
    remedy: 'Copy the caches from where the run was trained, and declare their cachePath.',
  });

/** Sequences of the training split: numpy rounds halves to even; before core the rest was taken off the ends. */
const trainingSequences = (sequences: number, { split, rule }: Reconstruction): number => {
  const roundEven = (value: number): number => {
    const down = Math.floor(value);
    if (value - down !== 0.5) return Math.round(value);
    return down % 2 === 0 ? down : down + 1;
  };
  const sum = split.reduce((total, share) => total + share, 0);
  const counts = split.map((share) => roundEven((share / sum) * sequences));
  if (rule === 'core') return counts[0]!;
  return counts[0]! - (counts.reduce((total, count) => total + count, 0) - sequences);
};

/** What decides every byte: the arrays are kept for as long as it stays the same. */
const settingsKey = async (
  { phase, tokenIndexes }: ReconstructOptions,
  reconstruct: Reconstruction,
): Promise<string> => {
  const files = await Promise.all(
    phase.blend.map(async ({ source }) => {
      const { file } = tokenIndexes.get(source)!;
      const { size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
      return [file, String(size), String(mtimeNs), String(ctimeNs)];
    }),
  );
  const { sequenceLength, seed, blend } = phase;
  const text = JSON.stringify([version, reconstruct, sequenceLength, seed, blend, files]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
};

const writeDataset = async (
  { phase, tokenIndexes }: ReconstructOptions,
  reconstruct: Reconstruction,
  ordinal: number,
  samples: number,
  files: DatasetCacheFiles,
): Promise<void> => {
  const { source } = phase.blend[ordinal]!;
  const { lengths } = await checkTokenIndex(tokenIndexes.get(source)!);
  const sequences = trainingSequences(lengths.length, reconstruct);
  const { sequenceLength, seed } = phase;
  let tokens = 0;
  for (let sequence = 0; sequence < sequences; sequence += 1) tokens += lengths[sequence]!;
  if (tokens < 2) throw refuse(phase, 'at least two tokens in the training split', `${tokens} in ${source}`);
  const { epochs, built } = planDataset(tokens, samples, sequenceLength);
  if (epochs * sequences >= 2 ** 31 || built >= 2 ** 31) {
    throw refuse(
      phase,
      'fewer than 2^31 places and samples a source',
      `${epochs * sequences} and ${built} in ${source}`,
    );
  }
  const arrays = buildDatasetArrays({ lengths, sequences, samples, sequenceLength, seed });
  await writeNpy(files.documentIndex, 'int32', arrays.documentIndex);
  await writeNpy(files.sampleIndex, 'int32', arrays.sampleIndex, { columns: 2 });
  await writeNpy(files.shuffleIndex, 'uint32', arrays.shuffleIndex);
};

const weightsOf = (phase: Phase): number[] =>
  phase.blend.map(({ source, weight }) => {
    if (weight !== null) return weight;
    throw refuse(
      phase,
      'a weight for every part of dataPath',
      `no weight for ${source}: how the sizes blended is not known`,
    );
  });

/**
 * Makes the caches of a phase anew as Megatron built them, from seed, lengths and sizes, into `.npy` files that are
 * byte for byte those that were lost. They are kept for as long as settings and token indexes stay the same.
 *
 * @throws TenkyoError `config_invalid` where the rules do not say it all; `file_corrupt` for a broken token index
 */
export const reconstructCaches = async (options: ReconstructOptions): Promise<CacheFiles> => {
  const { phase, directory } = options;
  const reconstruct = phase.caches.reconstruct!;
  const parent = join(directory, 'caches');
  const folder = join(parent, await settingsKey(options, reconstruct));
  const [only] = phase.blend;
  // One prefix without a weight is read without a blend, and with exactly the samples asked for.
  const blended = phase.blend.length > 1 || only?.weight !== null;
  const plan = blended ? planBlend(weightsOf(phase), reconstruct) : null;
  const samples = plan?.samples ?? [reconstruct.trainSamples];

  const datasetFiles = (at: string): DatasetCacheFiles[] =>
    phase.blend.map((_, ordinal) => ({
      documentIndex: join(at, `dataset-${ordinal}-document_index.npy`),
      sampleIndex: join(at, `dataset-${ordinal}-sample_index.npy`),
      shuffleIndex: join(at, `dataset-${ordinal}-shuffle_index.npy`),
    }));
  const blendFiles = (at: string): BlendCacheFiles => ({
    datasetIndex: join(at, 'blend-dataset_index.npy'),
    datasetSampleIndex: join(at, 'blend-dataset_sample_index.npy'),
  });

  if (!existsSync(folder)) {
    await mkdir(parent, { recursive: true });
    await removeAbandoned(folder, Date.now());
    const half = halfMade(folder);
    await mkdir(half);
    try {
      if (!options.datasets) {
        for (const [ordinal, files] of datasetFiles(half).entries()) {
          await writeDataset(options, reconstruct, ordinal, samples[ordinal]!, files);
        }
      }
      if (plan) {
        const arrays = buildBlendArrays(plan);
        const files = blendFiles(half);
        await writeNpy(files.datasetIndex, reconstruct.rule === 'core' ? 'int16' : 'uint8', arrays.datasetIndex);
        await writeNpy(files.datasetSampleIndex, 'int64', arrays.datasetSampleIndex);
      }
      await writeFile(join(half, 'settings.json'), JSON.stringify({ phase: phase.name, version, ...reconstruct }));
      // Another process may have made the same ones meanwhile.
      await rename(half, folder).catch((error: unknown) => {
        if (!existsSync(folder)) throw error;
      });
    } finally {
      await rm(half, { recursive: true, force: true });
    }
  }
  return { blend: plan && blendFiles(folder), datasets: options.datasets ?? datasetFiles(folder) };
};
