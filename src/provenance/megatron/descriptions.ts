import { existsSync, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TenkyoError } from '../../errors.ts';
import type { Dataset, Phase } from '../run.ts';
import { corrupt, readHead, withFile } from './file.ts';
import { parseLegacyDescription } from './legacy-description.ts';

/** Names of cache files: of Megatron core, and of the code before it (`index-cache` folders, `.dsc`). */
export type CacheLayout = 'core' | 'legacy';

export type CacheClass = 'GPTDataset' | 'BlendedDataset';

/** A cache's description: the settings whose md5 is the hash in the names of the files beside it. */
export interface Description {
  readonly hash: string;
  readonly file: string;
  readonly directory: string;
  readonly layout: CacheLayout;
  readonly cacheClass: CacheClass;
  /** The keys of core's `description.txt`; those of a `.dsc` are given the same names. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Training reads the split of that name; the others are for evaluation. */
export const split = 'train';

/** The largest blends have some hundred datasets of half a kilobyte each. */
const longestDescription = 16 * 2 ** 20;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseCore = (text: string): Readonly<Record<string, unknown>> => {
  const json: unknown = JSON.parse(text);
  if (!isRecord(json)) throw new Error(JSON.stringify(text.slice(0, 60)));
  return json;
};

const coreName = new RegExp(`^(.+)-(GPTDataset|BlendedDataset)-${split}-description\\.txt$`);

const readOne = (path: string): Promise<Description> =>
  withFile(path, 'The description of an index cache', async (file) => {
    const unreadable = (found: string, cause?: unknown): TenkyoError =>
      corrupt('The description of an index cache cannot be read', {
        file: path,
        offset: 0,
        expected: path.endsWith('.dsc') ? 'the lines of a .dsc file' : 'a JSON object',
        found,
        cause,
      });
    if (file.size > longestDescription) throw unreadable(`${file.size} bytes`);
    const text = (await readHead(file, file.size)).toString('utf8');
    const core = coreName.exec(basename(path));
    try {
      const json = core ? parseCore(text) : parseLegacyDescription(text);
      return {
        hash: core ? core[1]! : basename(path, '.dsc'),
        file: path,
        directory: join(path, '..'),
        layout: core ? 'core' : 'legacy',
        cacheClass: json.class === 'BlendedDataset' || core?.[2] === 'BlendedDataset' ? 'BlendedDataset' : 'GPTDataset',
        json,
      };
    } catch (cause) {
      throw unreadable(JSON.stringify(text.slice(0, 60)), cause);
    }
  });

const indexmapName = /^(.+)_indexmap_(\d+)ns_(\d+)sl_(\d+)s$/;
const indexmapEnding = '_doc_idx.npy';

/**
 * The oldest caches lie beside the data and have no description: their names say what they were made for,
 * `<prefix>_<split>_indexmap_<samples>ns_<sequence length>sl_<seed>s_doc_idx.npy`. null: it is no such name.
 */
const describedByName = (directory: string, name: string): Description | null => {
  const [, path, samples, sequenceLength, seed] = indexmapName.exec(name) ?? [];
  const at = path?.lastIndexOf('_') ?? -1;
  if (path === undefined || at < 1) return null;
  const json = {
    class: 'GPTDataset',
    dataset_path: join(directory, path.slice(0, at)),
    index_split: path.slice(at + 1),
    num_samples: Number(samples),
    sequence_length: Number(sequenceLength),
    random_seed: Number(seed),
  };
  const file = join(directory, `${name}${indexmapEnding}`);
  return { hash: name, file, directory, layout: 'legacy', cacheClass: 'GPTDataset', json };
};

/** Whether the oldest caches of a dataset lie in its own folder. */
export const hasNamedCaches = ({ prefix }: Dataset): boolean => {
  try {
    const begin = `${basename(prefix)}_${split}_indexmap_`;
    return readdirSync(dirname(prefix)).some((name) => name.startsWith(begin) && name.endsWith(indexmapEnding));
  } catch {
    // A folder that is missing is said when the token files in it are opened.
    return false;
  }
};

/** The description of a declared hash; null where none lies beside the arrays. */
export const readDescription = async (
  directory: string,
  hash: string,
  cacheClass: CacheClass,
): Promise<Description | null> => {
  for (const name of [`${hash}-${cacheClass}-${split}-description.txt`, `${hash}.dsc`]) {
    try {
      return await readOne(join(directory, name));
    } catch (error) {
      if (!(error instanceof TenkyoError && error.code === 'file_missing')) throw error;
    }
  }
  const named = describedByName(directory, hash);
  return named && existsSync(named.file) ? named : null;
};

const listDirectory = async (directory: string): Promise<string[]> => {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw new TenkyoError('file_missing', 'The folder of index caches cannot be read', {
      where: directory,
      found: (cause as NodeJS.ErrnoException).code ?? String(cause),
      remedy:
        "Set the phase's cachePath in the run file to the folder of Megatron's --data-cache-path, or declare " +
        '`reconstruct` where the caches are lost.',
      cause,
    });
  }
};

/** Every description in a cache folder, old and new, by name; and what the names of the oldest caches say. */
export const readDescriptions = async (directory: string): Promise<Description[]> => {
  const names = (await listDirectory(directory)).sort();
  const files = names.filter((name) => coreName.test(name) || name.endsWith('.dsc'));
  const named = names
    .filter((name) => name.endsWith(indexmapEnding))
    .flatMap((name) => describedByName(directory, name.slice(0, -indexmapEnding.length)) ?? []);
  return [...(await Promise.all(files.map((name) => readOne(join(directory, name))))), ...named];
};

/** Path components that two dataset paths share at their end; the folders before may have moved since the training. */
const sharedEnding = (left: string, right: string): number => {
  const a = left.split(/[/\\]/).reverse();
  const b = right.split(/[/\\]/).reverse();
  const different = a.findIndex((part, index) => part !== b[index]);
  return different < 0 ? a.length : different;
};

/** Whether a description could be that of `dataset` in `phase`. */
export const describesDataset = (json: unknown, { prefix }: Dataset, { sequenceLength, seed }: Phase): boolean =>
  isRecord(json) &&
  json.sequence_length === sequenceLength &&
  json.random_seed === seed &&
  json.index_split === split &&
  typeof json.dataset_path === 'string' &&
  sharedEnding(json.dataset_path, prefix) > 0;

/** Whether a description could be that of the phase's blend: its datasets, in the order of the data path. */
export const describesBlend = (json: Description['json'], datasets: readonly Dataset[], phase: Phase): boolean =>
  Array.isArray(json.datasets) &&
  json.datasets.length === datasets.length &&
  json.datasets.every((part, index) => describesDataset(part, datasets[index]!, phase));

/** Of several descriptions those whose path agrees longest with the dataset's. */
export const closestTo = ({ prefix }: Dataset, candidates: readonly Description[]): Description[] => {
  const length = ({ json }: Description): number => sharedEnding(String(json.dataset_path), prefix);
  const best = Math.max(0, ...candidates.map(length));
  return candidates.filter((candidate) => length(candidate) === best);
};
