import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { glob, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createSourceNames } from '../src/corpus/source-rules.ts';
import { TenkyoError } from '../src/errors.ts';
import type { CorpusFile } from '../src/search/embedded/build-folder.ts';

/** A corpus file as a build reads it. */
export interface CountedFile extends CorpusFile {
  readonly path: string;
  readonly lines: number;
}

const sourceOf = createSourceNames();

/** The files of a corpus in order of their names; two that would be one source are refused. */
export const listCorpusFiles = async (corpus: string, pattern: string): Promise<string[]> => {
  const files = (await Array.fromAsync(glob(pattern))).toSorted();
  if (files.length === 0) {
    throw new TenkyoError('file_missing', `the corpus "${corpus}" has no files`, {
      where: pattern,
      expected: 'at least one JSONL file',
      found: 'none',
      remedy: 'Check "documents" of the corpus in tenkyo.yaml.',
    });
  }
  const bySource = Map.groupBy(files, sourceOf);
  for (const [source, [first, second]] of bySource) {
    if (second === undefined) continue;
    throw new TenkyoError('config_invalid', `two files of the corpus "${corpus}" are the source "${source}"`, {
      where: pattern,
      found: `${first}, ${second}`,
      remedy: 'Give the files different names.',
    });
  }
  return files;
};

const read = (path: string, signal: AbortSignal | undefined): Readable =>
  createReadStream(path, { highWaterMark: 256 * 1024, signal });

const countLines = async (stream: AsyncIterable<Buffer>): Promise<number> => {
  let newlines = 0;
  let last = 0x0a;
  for await (const chunk of stream) {
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) newlines++;
    last = chunk.at(-1) ?? last;
  }
  return newlines + (last === 0x0a ? 0 : 1);
};

/** Size, hash and number of lines: what says whether a file has changed, and how far a build is. */
export const countFile = async (path: string, signal?: AbortSignal): Promise<CountedFile> => {
  const { size } = await stat(path);
  const hash = createHash('sha256');
  const hashed = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of read(path, signal) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      yield chunk;
    }
  };
  const lines = await countLines(/\.gz$/i.test(path) ? Readable.from(hashed()).pipe(createGunzip()) : hashed());
  return { path, name: sourceOf(path), bytes: size, sha256: hash.digest('hex'), lines };
};
