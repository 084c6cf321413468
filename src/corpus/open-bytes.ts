import { createReadStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { TenkyoError } from '../errors.ts';
import { zstdFrames } from './zstd-frames.ts';

export interface OpenBytesOptions {
  /** Gives what there is of a compressed file that was cut off, as a run that was stopped leaves it. Default: false. */
  readonly allowCut?: boolean;
  readonly signal?: AbortSignal;
  /** Compressed files too are given as they are on disk. Default: false. */
  readonly asIs?: boolean;
  /** Is shown every piece of the file as it is on disk. */
  readonly onRaw?: (bytes: Uint8Array) => void;
}

const readSize = 256 * 1024;

async function* through(bytes: AsyncIterable<Uint8Array>, unpack: Transform): AsyncGenerator<Uint8Array> {
  // Whatever goes wrong in the pipeline ends the reading of `unpack` too, and is thrown there.
  const flow = pipeline(Readable.from(bytes, { objectMode: false }), unpack).catch(() => undefined);
  yield* unpack as AsyncIterable<Uint8Array>;
  await flow;
}

const gunzip = (raw: AsyncIterable<Uint8Array>, allowCut: boolean): AsyncGenerator<Uint8Array> =>
  through(raw, createGunzip(allowCut ? { finishFlush: constants.Z_SYNC_FLUSH } : {}));

/** Each frame goes through a decompressor of its own, which knows nothing of a second one. */
async function* unpackZstd(raw: AsyncIterable<Uint8Array>, allowCut: boolean): AsyncGenerator<Uint8Array> {
  const pieces = zstdFrames(raw);
  const takeFrame = async function* (first: Uint8Array, isWhole: boolean): AsyncGenerator<Uint8Array> {
    yield first;
    for (let last = isWhole; !last; ) {
      const { done, value } = await pieces.next();
      if (done) return;
      yield value.bytes;
      last = value.last;
    }
  };
  const options = allowCut ? { finishFlush: constants.ZSTD_e_continue } : {};
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return;
    yield* through(takeFrame(value.bytes, value.last), createZstdDecompress(options));
  }
}

async function* shown(bytes: AsyncIterable<Uint8Array>, show: (bytes: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    show(chunk);
    yield chunk;
  }
}

/**
 * The content of a file, uncompressed by what its name ends in: `.gz`, `.zst`.
 *
 * @throws TenkyoError `file_missing`; `file_corrupt` when the file can't be read or is cut off; the signal's reason
 */
export async function* openBytes(
  file: string,
  { allowCut = false, signal, asIs = false, onRaw }: OpenBytesOptions = {},
): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(file, { highWaterMark: readSize, signal });
  const raw = onRaw ? shown(stream, onRaw) : stream;
  try {
    if (asIs) yield* raw;
    else if (/\.gz$/i.test(file)) yield* gunzip(raw, allowCut);
    else if (/\.zst$/i.test(file)) yield* unpackZstd(raw, allowCut);
    else yield* raw;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TenkyoError) throw error;
    const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
    throw new TenkyoError(missing ? 'file_missing' : 'file_corrupt', `the corpus file can't be read`, {
      cause: error,
      where: file,
      found: String((error as Error | null)?.message ?? error),
      remedy: 'Check the path and that the file is whole.',
    });
  } finally {
    stream.destroy();
  }
}
