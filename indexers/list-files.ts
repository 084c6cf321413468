import { glob } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { defaultFields } from '../src/corpus/fields.ts';
import { type CorpusPart, type DocumentKind, kindOfPart } from '../src/corpus/part.ts';
import { createSourceNames, stemOf } from '../src/corpus/source-rules.ts';
import { TenkyoError } from '../src/errors.ts';
import type { PartFile } from './readers/reader.ts';

/** A file of a corpus, in its place, before it has been looked into. */
export interface ListedFile extends Omit<PartFile, 'firstSequence'> {
  readonly part: CorpusPart;
  readonly kind: DocumentKind;
}

/** A corpus as its declaration or, for one pattern of texts in the usual layout, as that. */
export interface CorpusDeclaration {
  readonly name: string;
  readonly documents: string | readonly CorpusPart[];
  /** What is in another index: no file and no source may be in both. */
  readonly apart?: readonly CorpusPart[];
}

const partsOf = (documents: CorpusDeclaration['documents']): readonly CorpusPart[] =>
  typeof documents === 'string'
    ? [{ format: 'jsonl', files: [documents], order: 'sorted', sources: [], fields: defaultFields }]
    : documents;

const invalid = (corpus: string, message: string, where: string, found: string, remedy: string): TenkyoError =>
  new TenkyoError('config_invalid', `${message} (corpus "${corpus}")`, { where, found, remedy });

/** The files of some patterns, each once. */
const find = async (patterns: readonly string[], order: CorpusPart['order']): Promise<string[]> => {
  const found: string[] = [];
  for (const pattern of patterns) found.push(...(await Array.fromAsync(glob(pattern))).toSorted());
  const files = [...new Set(found)];
  return order === 'sorted' ? files.toSorted() : files;
};

/**
 * What tells a file from the others: its base name; where several share one, its path from the folder that holds them
 * all. So the name stays when the corpus is moved.
 */
const labelsOf = (paths: readonly string[]): Map<string, string> =>
  new Map(
    [...Map.groupBy(paths, (path) => basename(path)).values()].flatMap((alike) => {
      const folders = alike.map((path) => dirname(path).split(/[\\/]+/));
      let shared = 0;
      while (
        alike.length > 1 &&
        folders.every((parts) => parts[shared] !== undefined && parts[shared] === folders[0]![shared])
      ) {
        shared += 1;
      }
      return alike.map((path, index): [string, string] => {
        const own = alike.length > 1 ? folders[index]!.slice(shared) : [];
        return [path, [...own, basename(path)].join('/')];
      });
    }),
  );

/** The text files of each token file: the one of the same name, or all of its source where it is the only one of it. */
const textsOf = (tokenFiles: readonly string[], texts: readonly string[], sourceOf: (path: string) => string) => {
  const byStem = Map.groupBy(texts, stemOf);
  const bySource = Map.groupBy(texts, sourceOf);
  const tokensOf = Map.groupBy(tokenFiles, sourceOf);
  return (path: string): readonly string[] => {
    const same = byStem.get(stemOf(path));
    if (same) return same;
    return tokensOf.get(sourceOf(path))?.length === 1 ? (bySource.get(sourceOf(path)) ?? []) : [];
  };
};

const findFiles = async (corpus: string, part: CorpusPart): Promise<string[]> => {
  const paths = await find(part.files, part.order);
  if (paths.length > 0) return paths;
  throw new TenkyoError('file_missing', `the corpus "${corpus}" has no files`, {
    where: part.files.join(', '),
    expected: part.format === 'megatron' ? 'at least one .idx file' : 'at least one JSONL or parquet file',
    found: 'none',
    remedy: 'Check "documents" of the corpus in tenkyo.yaml.',
  });
};

const listPart = async (
  corpus: string,
  part: CorpusPart,
  paths: readonly string[],
  labels: ReadonlyMap<string, string>,
): Promise<ListedFile[]> => {
  const where = part.files.join(', ');
  const sourceOf = createSourceNames(part.sources);
  let beside = (_: string): readonly string[] => [];
  if (part.format === 'megatron') {
    const wrong = paths.find((path) => !path.endsWith('.idx'));
    if (wrong) throw invalid(corpus, 'a token file is named by its .idx', where, wrong, 'End the pattern in ".idx".');
    const texts = textsOf(paths, await find(part.texts, part.order), sourceOf);
    beside = (path) => [path.replace(/\.idx$/, '.bin'), ...texts(path)];
  }
  return paths.map((path) => ({
    path,
    source: part.format === 'dump' ? labels.get(path)! : sourceOf(path),
    label: labels.get(path)!,
    beside: beside(path),
    part,
    kind: kindOfPart(part),
  }));
};

const listParts = async (corpus: string, parts: readonly CorpusPart[]): Promise<ListedFile[]> => {
  const found: string[][] = [];
  for (const part of parts) found.push(await findFiles(corpus, part));
  const labels = labelsOf(found.flat());
  const files: ListedFile[] = [];
  for (const [index, part] of parts.entries()) files.push(...(await listPart(corpus, part, found[index]!, labels)));
  return files;
};

/**
 * The files of a corpus, in the order in which they are read.
 *
 * @throws TenkyoError `file_missing`; `config_invalid` when one source would hold what was read for different ends, or a
 * file is declared twice
 */
export const listFiles = async ({ name, documents, apart = [] }: CorpusDeclaration): Promise<ListedFile[]> => {
  const files = await listParts(name, partsOf(documents));
  const all = apart.length === 0 ? files : [...files, ...(await listParts(name, apart))];
  for (const [source, [first, ...others]] of Map.groupBy(all, (file) => file.source)) {
    const other = others.find(({ kind }) => kind !== first!.kind);
    if (!other) continue;
    throw invalid(
      name,
      `the source "${source}" is both ${first!.kind} and ${other.kind} data`,
      first!.path,
      other.path,
      'Name one of them otherwise, by "source" or "sources".',
    );
  }
  const seen = new Set<string>();
  const twice = all.find(({ path }) => seen.size === seen.add(path).size);
  if (!twice) return files;
  const where = 'two entries of "documents"';
  throw invalid(name, 'a file is declared twice', where, twice.path, 'Leave it out of one of their patterns.');
};
