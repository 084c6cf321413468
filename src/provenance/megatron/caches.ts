import { basename, join } from 'node:path';
import { TenkyoError } from '../../errors.ts';
import type { Dataset, Phase } from '../run.ts';
import {
  type CacheClass,
  closestTo,
  type Description,
  describesBlend,
  describesDataset,
  readDescription,
  readDescriptions,
  split,
} from './descriptions.ts';

/** Paths of one phase's cache files. */
export interface CacheFiles {
  /** null: no blend, the phase reads its one dataset. */
  readonly blend: { readonly datasetIndex: string; readonly datasetSampleIndex: string } | null;
  /** One a part of the blend, in its order. */
  readonly datasets: readonly DatasetCacheFiles[];
}

export interface DatasetCacheFiles {
  readonly documentIndex: string;
  readonly sampleIndex: string;
  readonly shuffleIndex: string;
}

const filesOf = (directory: string, blended: string | null, hashes: readonly string[]): CacheFiles => {
  const file = (hash: string, cacheClass: CacheClass, array: string): string =>
    join(directory, `${hash}-${cacheClass}-${split}-${array}.npy`);
  return {
    blend: blended
      ? {
          datasetIndex: file(blended, 'BlendedDataset', 'dataset_index'),
          datasetSampleIndex: file(blended, 'BlendedDataset', 'dataset_sample_index'),
        }
      : null,
    datasets: hashes.map((hash) => ({
      documentIndex: file(hash, 'GPTDataset', 'document_index'),
      sampleIndex: file(hash, 'GPTDataset', 'sample_index'),
      shuffleIndex: file(hash, 'GPTDataset', 'shuffle_index'),
    })),
  };
};

const wanted = ({ name, sequenceLength, seed }: Phase): string =>
  `phase "${name}": sequence length ${sequenceLength}, seed ${seed}, split ${split}`;

const onlyOne = (candidates: readonly Description[], what: string, phase: Phase): Description => {
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  const { directory } = phase.caches;
  if (only) {
    throw new TenkyoError('config_invalid', `More than one index cache fits ${what}`, {
      where: directory,
      expected: `one for ${wanted(phase)}`,
      found: candidates.map(({ file }) => basename(file)).join(', '),
      remedy: 'Name the hashes that this run used under caches in the run file.',
    });
  }
  throw new TenkyoError('file_missing', `No index cache fits ${what}`, {
    where: directory,
    expected: `a description of ${wanted(phase)}`,
    found: 'none',
    remedy: "Check cachePath, sequenceLength, seed and dataPath of the phase against the run's command line.",
  });
};

const findCaches = async (phase: Phase, datasets: readonly Dataset[]): Promise<CacheFiles> => {
  const { directory } = phase.caches;
  const described = await readDescriptions(directory, 'GPTDataset');
  const blends = (await readDescriptions(directory, 'BlendedDataset')).filter(({ json }) =>
    describesBlend(json, datasets, phase),
  );
  const blend = datasets.length === 1 && blends.length === 0 ? null : onlyOne(blends, 'the blend', phase);
  const parts = blend?.json.datasets as unknown[] | undefined;
  const found = datasets.map((dataset, index) => {
    // The blend's description holds the very descriptions of its datasets: the number of samples tells twins apart.
    const inBlend = parts && JSON.stringify(parts[index]);
    const fitting = described.filter(
      ({ json }) => describesDataset(json, dataset, phase) && (!inBlend || JSON.stringify(json) === inBlend),
    );
    return onlyOne(closestTo(dataset, fitting), `the dataset ${dataset.source}`, phase).hash;
  });
  return filesOf(directory, blend?.hash ?? null, found);
};

/** Some labs keep only the arrays; those are checked against the token index when they are read. */
const descriptionIfAny = async (directory: string, hash: string, cacheClass: CacheClass): Promise<Description | null> =>
  readDescription(directory, hash, cacheClass).catch((error: unknown) => {
    if (error instanceof TenkyoError && error.code === 'file_missing') return null;
    throw error;
  });

const notThis = (phase: Phase, { file, json }: Description, what: string): TenkyoError =>
  new TenkyoError('config_invalid', `The declared index cache was made for something else than ${what}`, {
    where: file,
    expected: wanted(phase),
    found: JSON.stringify(json.datasets ?? json).slice(0, 300),
    remedy: `Correct the hash, sequenceLength, seed or dataPath of phase "${phase.name}" in the run file.`,
  });

/** A declared hash that belongs to other data would give wrong iterations without a sound. */
const checkDeclared = async (
  phase: Phase,
  datasets: readonly Dataset[],
  { blended, datasets: hashes }: NonNullable<Phase['caches']['hashes']>,
): Promise<void> => {
  const { directory } = phase.caches;
  const blend = blended && (await descriptionIfAny(directory, blended, 'BlendedDataset'));
  if (blend && !describesBlend(blend.json, datasets, phase)) throw notThis(phase, blend, 'this blend');
  for (const [index, hash] of hashes.entries()) {
    const description = await descriptionIfAny(directory, hash, 'GPTDataset');
    const dataset = datasets[index]!;
    if (description && !describesDataset(description.json, dataset, phase)) {
      throw notThis(phase, description, dataset.source);
    }
  }
};

/**
 * The cache files of a phase: by declared hashes, or found by reading the descriptions in the cache folder.
 *
 * @param datasets one a part of the blend, in its order
 * @throws TenkyoError `file_missing` when no cache fits, `config_invalid` when several do or a declared one does not
 */
export const locateCaches = async (phase: Phase, datasets: readonly Dataset[]): Promise<CacheFiles> => {
  const { directory, hashes } = phase.caches;
  if (!hashes) return findCaches(phase, datasets);
  await checkDeclared(phase, datasets, hashes);
  return filesOf(directory, hashes.blended, hashes.datasets);
};
