import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { countLines } from '../src/corpus/lines.ts';
import { openBytes } from '../src/corpus/open-bytes.ts';
import type { CorpusPart, DocumentKind } from '../src/corpus/part.ts';
import type { Read } from '../src/corpus/read.ts';
import type { ReadRecordsOptions } from '../src/corpus/record.ts';
import type { CorpusFile } from '../src/search/embedded/build-folder.ts';
import { type CorpusDeclaration, type ListedFile, listFiles } from './list-files.ts';
import { openReader } from './readers/open-reader.ts';
import type { CorpusReader, PartFile } from './readers/reader.ts';

/** A corpus file as a build reads it. */
export interface CountedFile extends CorpusFile {
  readonly path: string;
  readonly source: string;
  readonly kind: DocumentKind;
  /** Its records, from one on. */
  read(options: ReadRecordsOptions): AsyncGenerator<Read>;
}

/** What the documents of a source were read for, where it isn't pre-training. */
export const kindsOf = (files: readonly Pick<CountedFile, 'source' | 'kind'>[]): Record<string, DocumentKind> =>
  Object.fromEntries(files.flatMap(({ source, kind }) => (kind === 'pretraining' ? [] : [[source, kind]])));

type Counted = ListedFile & Pick<CorpusFile, 'bytes' | 'sha256' | 'lines'>;

/** Lines are counted while the file's bytes are hashed anyway. */
const isLines = ({ path, part }: ListedFile): boolean => part.format !== 'megatron' && !/\.parquet$/i.test(path);

const count = async (listed: ListedFile, reader: CorpusReader, signal?: AbortSignal): Promise<Counted> => {
  const hash = createHash('sha256');
  const onRaw = (bytes: Uint8Array): void => void hash.update(bytes);
  let bytes = (await stat(listed.path).catch(() => null))?.size ?? 0;
  let lines: number;
  if (isLines(listed)) {
    lines = await countLines(openBytes(listed.path, { allowCut: listed.part.format === 'dump', signal, onRaw }));
  } else {
    lines = await reader.count({ ...listed, firstSequence: 0 }, { signal });
    bytes = 0;
    for (const path of [listed.path, ...listed.beside]) {
      bytes += (await stat(path)).size;
      for await (const chunk of openBytes(path, { signal, asIs: true })) onRaw(chunk);
    }
  }
  return { ...listed, bytes, sha256: hash.digest('hex'), lines };
};

/** What a file's documents depend on beside its content: how it is read, and where in its source it stands. */
const readingOf = ({ part, source, label, kind }: ListedFile, firstSequence: number): string => {
  const { files: _, ...how } = part;
  return createHash('sha256')
    .update(JSON.stringify([how, source, label, kind, firstSequence]))
    .digest('hex')
    .slice(0, 16);
};

/**
 * Numbers run on over the files of a source. The rows of a dump are of many sources, which its files do not name: they
 * are numbered on after all other files, so that no two documents of a source share a number and those that a run knows
 * keep theirs.
 */
const firstSequences = (files: readonly Counted[]): number[] => {
  const isDump = ({ part }: Counted): boolean => part.format === 'dump';
  let rows = files.reduce((sum, file) => sum + (isDump(file) ? 0 : file.lines), 0);
  const bySource = new Map<string, number>();
  return files.map((file) => {
    const first = isDump(file) ? rows : (bySource.get(file.source) ?? 0);
    if (isDump(file)) rows += file.lines;
    else bySource.set(file.source, first + file.lines);
    return first;
  });
};

/**
 * The files of a corpus with what a build must know of them: size, hash and number of records say whether one has
 * changed, and how far a build is.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt`, `config_invalid`; the signal's reason
 */
export const countFiles = async (corpus: CorpusDeclaration, signal?: AbortSignal): Promise<CountedFile[]> => {
  const readers = new Map<CorpusPart, CorpusReader>();
  const counted: Counted[] = [];
  for (const listed of await listFiles(corpus)) {
    const reader = readers.get(listed.part) ?? (await openReader(listed.part));
    readers.set(listed.part, reader);
    counted.push(await count(listed, reader, signal));
  }
  const firsts = firstSequences(counted);
  const several = new Set(
    [...Map.groupBy(counted, ({ source }) => source)].flatMap(([source, { length }]) => (length > 1 ? source : [])),
  );
  return counted.map((file, index): CountedFile => {
    const { path, source, label, kind, bytes, sha256, lines } = file;
    const partFile: PartFile = { path, source, label, beside: file.beside, firstSequence: firsts[index]! };
    const reader = readers.get(file.part)!;
    return {
      path,
      source,
      kind,
      name: several.has(source) ? `${source}/${label}` : source,
      bytes,
      sha256,
      lines,
      reading: readingOf(file, firsts[index]!),
      read: (options) => reader.read(partFile, options),
    };
  });
};
