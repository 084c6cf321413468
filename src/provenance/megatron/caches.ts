import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TenkyoError } from '../../errors.ts';
import type { Dataset, Phase } from '../run.ts';
import {
  type CacheLayout,
  closestTo,
  type Description,
  describesBlend,
  describesDataset,
  hasNamedCaches,
  readDescription,
  readDescriptions,
  split,
} from './descriptions.ts';

/** Paths of one phase's cache files. */
export interface CacheFiles {
  /** null: no blend, the phase reads its one dataset. */
  readonly blend: BlendCacheFiles | null;
  /** One a part of the blend, in its order. */
  readonly datasets: readonly DatasetCacheFiles[];
}

export interface BlendCacheFiles {
  readonly datasetIndex: string;
  readonly datasetSampleIndex: string;
}

export interface DatasetCacheFiles {
  readonly documentIndex: string;
  readonly sampleIndex: string;
  readonly shuffleIndex: string;
}

type Place = Pick<Description, 'directory' | 'hash' | 'layout'>;

const datasetFiles = ({ directory, hash, layout }: Place): DatasetCacheFiles => {
  const file = (core: string, legacy: string): string =>
    join(directory, layout === 'core' ? `${hash}-GPTDataset-${split}-${core}.npy` : `${hash}_${legacy}.npy`);
  return {
    documentIndex: file('document_index', 'doc_idx'),
    sampleIndex: file('sample_index', 'sample_idx'),
    shuffleIndex: file('shuffle_index', 'shuffle_idx'),
  };
};

const blendFiles = ({ directory, hash, layout }: Place): BlendCacheFiles => {
  const file = (core: string, legacy: string): string =>
    join(directory, layout === 'core' ? `${hash}-BlendedDataset-${split}-${core}.npy` : `${hash}_${legacy}.npy`);
  return {
    datasetIndex: file('dataset_index', 'index'),
    datasetSampleIndex: file('dataset_sample_index', 'sample_index'),
  };
};

/** Where Megatron puts the caches of a dataset: the declared folder, else beside the data. */
const foldersOf = ({ caches }: Phase, dataset: Dataset): string[] => {
  if (caches.directory !== null) return [caches.directory];
  const { prefix } = dataset;
  const beside = [join(prefix, 'cache', 'GPTDataset_indices'), join(dirname(prefix), 'index-cache')];
  const there = beside.filter((folder) => existsSync(folder));
  if (hasNamedCaches(dataset)) there.push(dirname(prefix));
  return there.length > 0 ? there : beside.slice(0, 1);
};

const wanted = ({ name, sequenceLength, seed }: Phase): string =>
  `phase "${name}": sequence length ${sequenceLength}, seed ${seed}, split ${split}`;

const onlyOne = (candidates: readonly Description[], what: string, phase: Phase, folders: string[]): Description => {
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  const where = folders.join(', ');
  if (only) {
    throw new TenkyoError('config_invalid', `More than one index cache fits ${what}`, {
      where,
      expected: `one for ${wanted(phase)}`,
      found: candidates.map(({ file }) => basename(file)).join(', '),
      remedy: 'Name the hashes that this run used under caches in the run file.',
    });
  }
  throw new TenkyoError('file_missing', `No index cache fits ${what}`, {
    where,
    expected: `a description of ${wanted(phase)}`,
    found: 'none',
    remedy:
      "Check cachePath, sequenceLength, seed and dataPath of the phase against the run's command line, or declare " +
      '`reconstruct` where the caches are lost.',
  });
};

const findCaches = async (phase: Phase, datasets: readonly Dataset[], wantsBlend: boolean): Promise<CacheFiles> => {
  const read = new Map<string, Promise<Description[]>>();
  const describedIn = async (folders: readonly string[]): Promise<Description[]> => {
    for (const folder of folders) if (!read.has(folder)) read.set(folder, readDescriptions(folder));
    return (await Promise.all(folders.map((folder) => read.get(folder)!))).flat();
  };
  const blendFolders = [...new Set(datasets.flatMap((dataset) => foldersOf(phase, dataset)))];
  const blends = wantsBlend
    ? (await describedIn(blendFolders)).filter(
        ({ cacheClass, json }) => cacheClass === 'BlendedDataset' && describesBlend(json, datasets, phase),
      )
    : [];
  const blend =
    !wantsBlend || (datasets.length === 1 && blends.length === 0)
      ? null
      : onlyOne(blends, 'the blend', phase, blendFolders);
  const parts = blend?.json.datasets as unknown[] | undefined;
  const found = await Promise.all(
    datasets.map(async (dataset, index) => {
      const folders = foldersOf(phase, dataset);
      // The blend's description holds the very descriptions of its datasets: the number of samples tells twins apart.
      const inBlend = parts && JSON.stringify(parts[index]);
      const fitting = (await describedIn(folders)).filter(
        ({ cacheClass, json }) =>
          cacheClass === 'GPTDataset' &&
          describesDataset(json, dataset, phase) &&
          (!inBlend || JSON.stringify(json) === inBlend),
      );
      return datasetFiles(onlyOne(closestTo(dataset, fitting), `the dataset ${dataset.source}`, phase, folders));
    }),
  );
  return { blend: blend && blendFiles(blend), datasets: found };
};

const notThis = (phase: Phase, { file, json }: Description, what: string): TenkyoError =>
  new TenkyoError('config_invalid', `The declared index cache was made for something else than ${what}`, {
    where: file,
    expected: wanted(phase),
    found: JSON.stringify(json.datasets ?? json).slice(0, 300),
    remedy: `Correct the hash, sequenceLength, seed or dataPath of phase "${phase.name}" in the run file.`,
  });

/** A hash's files by their new names, unless only the old ones are there. */
const layoutOf = (directory: string, hash: string, legacyEnding: string, corePattern: string): CacheLayout =>
  !existsSync(join(directory, `${hash}-${corePattern}`)) && existsSync(join(directory, `${hash}_${legacyEnding}`))
    ? 'legacy'
    : 'core';

/**
 * The files of declared hashes. Some labs keep only the arrays, which are checked against the token index; where a
 * description lies beside them it must be this data's: a hash of other data would give wrong iterations without a sound.
 */
const declaredCaches = async (
  phase: Phase,
  datasets: readonly Dataset[],
  { blended, datasets: hashes }: NonNullable<Phase['caches']['hashes']>,
  wantsBlend: boolean,
): Promise<CacheFiles> => {
  const blendFolder = foldersOf(phase, datasets[0]!)[0]!;
  const blend = wantsBlend && blended !== null ? await readDescription(blendFolder, blended, 'BlendedDataset') : null;
  if (blend && !describesBlend(blend.json, datasets, phase)) throw notThis(phase, blend, 'this blend');
  const files: DatasetCacheFiles[] = [];
  for (const [index, hash] of hashes.entries()) {
    const dataset = datasets[index]!;
    const folders = foldersOf(phase, dataset);
    let directory = folders[0]!;
    for (const folder of folders) {
      const description = await readDescription(folder, hash, 'GPTDataset');
      if (!description) continue;
      if (!describesDataset(description.json, dataset, phase)) throw notThis(phase, description, dataset.source);
      directory = folder;
    }
    const layout = layoutOf(directory, hash, 'doc_idx.npy', `GPTDataset-${split}-document_index.npy`);
    files.push(datasetFiles({ directory, hash, layout }));
  }
  const blendLayout =
    blended && layoutOf(blendFolder, blended, 'index.npy', `BlendedDataset-${split}-dataset_index.npy`);
  return {
    blend:
      wantsBlend && blended !== null && blendLayout
        ? blendFiles({ directory: blendFolder, hash: blended, layout: blendLayout })
        : null,
    datasets: files,
  };
};

/**
 * The cache files of a phase: by declared hashes, or found by reading the descriptions in the cache folder; under new
 * names (`…-GPTDataset-train-document_index.npy`) or old ones (`…_doc_idx.npy`).
 *
 * @param datasets one a part of the blend, in its order
 * @param wantsBlend false: the blend's arrays are made anew
 * @throws TenkyoError `file_missing` when no cache fits, `config_invalid` when several do or a declared one does not
 */
export const locateCaches = async (
  phase: Phase,
  datasets: readonly Dataset[],
  { wantsBlend }: { readonly wantsBlend: boolean },
): Promise<CacheFiles> => {
  const { hashes } = phase.caches;
  return hashes ? declaredCaches(phase, datasets, hashes, wantsBlend) : findCaches(phase, datasets, wantsBlend);
};
