import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { readDatasetStream } from '../megatron/dataset-stream.ts';
import { type Positions, readDraws } from '../megatron/draws.ts';
import type { RunFiles } from '../megatron/run-files.ts';
import { checkTokenIndex } from '../megatron/token-index.ts';
import { encodeSource, type StreamPart } from './encode.ts';
import { halfMade, removeAbandoned } from './half-made.ts';
import {
  bytesFor,
  headBytes,
  type TableFooter,
  type TablePart,
  type TableSource,
  tableMagic,
  tableVersion,
  tailBytes,
} from './layout.ts';

export interface BuildTableOptions {
  readonly files: RunFiles;
  readonly fingerprint: string;
  /** Replaced when the new table is complete. */
  readonly path: string;
  /** Called after each source. */
  readonly progress?: (source: string, done: number, total: number) => void;
}

/** Appends to a file and knows how far it is. */
interface Sink {
  readonly at: number;
  write(bytes: Uint8Array): Promise<void>;
}

const createSink = (handle: FileHandle): Sink => {
  let at = 0;
  return {
    get at() {
      return at;
    },
    write: async (bytes) => {
      let done = 0;
      while (done < bytes.length) done += (await handle.write(bytes, done)).bytesWritten;
      at += bytes.length;
    },
  };
};

const head = (): Buffer => {
  const bytes = Buffer.alloc(headBytes);
  bytes.write(tableMagic, 'latin1');
  bytes.writeUInt32LE(tableVersion, 8);
  return bytes;
};

const tail = (footer: Buffer): Buffer => {
  const bytes = Buffer.alloc(tailBytes);
  bytes.writeUInt32LE(footer.length, 0);
  bytes.writeUInt32LE(crc32(footer), 4);
  bytes.write(tableMagic, 8, 'latin1');
  return bytes;
};

const offsetsPerWrite = 65_536;

const writeDirectory = async (offsets: Float64Array, offsetBytes: number, sink: Sink): Promise<void> => {
  const bytes = Buffer.alloc(offsetBytes * Math.min(offsetsPerWrite, offsets.length));
  for (let from = 0; from < offsets.length; from += offsetsPerWrite) {
    const count = Math.min(offsetsPerWrite, offsets.length - from);
    for (let index = 0; index < count; index += 1) {
      bytes.writeUIntLE(offsets[from + index]!, index * offsetBytes, offsetBytes);
    }
    await sink.write(bytes.subarray(0, count * offsetBytes));
  }
};

/** Every reading of a source, and what the footer says of it. The draws are let go of once they are used. */
const readParts = async (files: RunFiles, source: string, lengths: Int32Array, draws: (Positions | null)[][]) => {
  const parts: StreamPart[] = [];
  const described: TablePart[] = [];
  for (const [index, phase] of files.phases.entries()) {
    for (const [ordinal, dataset] of phase.datasets.entries()) {
      if (dataset.source !== source) continue;
      const { sequenceLength } = phase.phase;
      const drawn = draws[index]![ordinal]!;
      const stream = await readDatasetStream(dataset, lengths, drawn, sequenceLength);
      draws[index]![ordinal] = null;
      parts.push({ stream, sequenceLength });
      const { samples: samplesBuilt, epochs, sequencesPerEpoch } = stream;
      described.push({ phase: index, ordinal, samplesBuilt, samplesDrawn: drawn.length, epochs, sequencesPerEpoch });
    }
  }
  return { parts, described };
};

const writeTable = async ({ files, fingerprint, progress }: BuildTableOptions, sink: Sink): Promise<void> => {
  await sink.write(head());
  const draws: (Positions | null)[][] = [];
  for (const phase of files.phases) draws.push(await readDraws(phase));
  const positionBytes = bytesFor(Math.max(...files.phases.map(({ samples }) => samples)));
  const sources: TableSource[] = [];
  for (const [source, index] of files.tokenIndexes) {
    const { lengths, oneToOne } = await checkTokenIndex(index);
    const { parts, described } = await readParts(files, source, lengths, draws);
    const recordsAt = sink.at;
    const { offsets, ...counts } = await encodeSource({ lengths, parts, positionBytes, write: sink.write });
    const directoryAt = sink.at;
    const recordsBytes = directoryAt - recordsAt;
    const offsetBytes = bytesFor(recordsBytes);
    await writeDirectory(offsets, offsetBytes, sink);
    const facts = { source, documents: lengths.length, tokens: index.tokens, oneToOne };
    sources.push({ ...facts, ...counts, recordsAt, recordsBytes, directoryAt, offsetBytes, parts: described });
    progress?.(source, sources.length, files.tokenIndexes.size);
  }
  const footer = Buffer.from(JSON.stringify({ fingerprint, positionBytes, sources } satisfies TableFooter));
  await sink.write(footer);
  await sink.write(tail(footer));
};

/**
 * Makes a run's table of occurrences, reading each index file from front to back; checks everything that the files say
 * about each other. The table takes its place at once and complete, or not at all.
 *
 * Memory: the arrays of one source at a time, turned around (16 bytes a sample of it or place at most), and 4 bytes a
 * sample of the run.
 *
 * @throws TenkyoError `file_corrupt`
 */
export const buildTable = async (options: BuildTableOptions): Promise<void> => {
  const { path } = options;
  await mkdir(dirname(path), { recursive: true });
  await removeAbandoned(path, Date.now());
  const half = halfMade(path);
  try {
    const handle = await open(half, 'wx');
    try {
      await writeTable(options, createSink(handle));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
};
