import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TenkyoError } from '../../errors.ts';
import type { Dataset, Phase } from '../run.ts';
import { corrupt, readHead, withFile } from './file.ts';

/** A cache's `description.txt`: the settings whose md5 is the hash in the names of the files beside it. */
export interface Description {
  readonly hash: string;
  readonly file: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export type CacheClass = 'GPTDataset' | 'BlendedDataset';

/** Training reads the split of that name; the others are for evaluation. */
export const split = 'train';

/** The largest blends have some hundred datasets of half a kilobyte each. */
const longestDescription = 16 * 2 ** 20;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ending = (cacheClass: CacheClass): string => `-${cacheClass}-${split}-description.txt`;

/** @throws TenkyoError `file_missing`, or `file_corrupt` when it is no JSON object */
export const readDescription = (directory: string, hash: string, cacheClass: CacheClass): Promise<Description> =>
  withFile(join(directory, `${hash}${ending(cacheClass)}`), 'The description of an index cache', async (file) => {
    const unreadable = (found: string, cause?: unknown): TenkyoError =>
      corrupt('The description of an index cache cannot be read', {
        file: file.path,
        offset: 0,
        expected: 'a JSON object',
        found,
        cause,
      });
    if (file.size > longestDescription) throw unreadable(`${file.size} bytes`);
    const text = (await readHead(file, file.size)).toString('utf8');
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (cause) {
      throw unreadable(JSON.stringify(text.slice(0, 60)), cause);
    }
    if (!isRecord(json)) throw unreadable(JSON.stringify(text.slice(0, 60)));
    return { hash, file: file.path, json };
  });

const listDirectory = async (directory: string): Promise<string[]> => {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw new TenkyoError('file_missing', 'The folder of index caches cannot be read', {
      where: directory,
      found: (cause as NodeJS.ErrnoException).code ?? String(cause),
      remedy: "Set the phase's cachePath in the run file to the folder of Megatron's --data-cache-path.",
      cause,
    });
  }
};

/** Every description of a class in a cache folder, by name. */
export const readDescriptions = async (directory: string, cacheClass: CacheClass): Promise<Description[]> => {
  const names = (await listDirectory(directory)).filter((name) => name.endsWith(ending(cacheClass))).sort();
  const hashes = names.map((name) => name.slice(0, -ending(cacheClass).length));
  return Promise.all(hashes.map((hash) => readDescription(directory, hash, cacheClass)));
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
