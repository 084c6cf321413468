import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Document } from '../src/corpus/document.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import { createIndexWriter } from '../src/search/embedded/writer.ts';
import { type PreparedDocument, preparePassages } from '../src/search/prepare-document.ts';
import type { CountedFile } from './corpus-files.ts';
import type { BuildOptions, BuildPlan } from './plan-build.ts';
import { threadsFor } from './preparer.ts';
import { bytesOf } from './write-database.ts';

/** What a build would make and take, from a sample of the corpus. */
export interface Estimate {
  /** Of the whole corpus. */
  readonly passages: number;
  /** Of the database. */
  readonly bytes: number;
  /** Lines that have to be read; where an earlier build can be gone on with, the new ones. */
  readonly linesToRead: number;
  readonly seconds: number;
  /** By number of the file. */
  readonly passagesOf: readonly number[];
}

const sampledFiles = 40;
const sampledDocuments = 400;
const sampledVectors = 32;
const milliseconds = 1_000;

interface Sample {
  readonly lines: number;
  readonly documents: readonly Document[];
}

const beginningOf = async (file: CountedFile, count: number, signal?: AbortSignal): Promise<Sample> => {
  const documents: Document[] = [];
  let lines = 0;
  for await (const read of file.read({ signal })) {
    lines++;
    if (read.kind === 'document') documents.push(read.document);
    if (lines >= count) break;
  }
  return { lines, documents };
};

const timed = <T>(work: () => T): { value: T; took: number } => {
  const began = performance.now();
  const value = work();
  return { value, took: performance.now() - began };
};

const textsOf = (documents: readonly PreparedDocument[]): string[] =>
  documents.flatMap(({ document: { title, text }, passages }) =>
    passages.map(({ start, end }) => `${title === null ? '' : `${title}\n`}${text.slice(start, end)}`),
  );

/** Some vectors, and the milliseconds of one once the model is loaded. */
const embedSome = async (embedder: Embedder, texts: readonly string[], signal?: AbortSignal) => {
  const every = Math.max(1, Math.floor(texts.length / sampledVectors));
  const some = texts.filter((_, index) => index % every === 0).slice(0, sampledVectors);
  await embedder.embed(some.slice(0, 1), 'passage', { signal });
  let vectors: readonly (Float32Array | null)[] = [];
  let each = Number.POSITIVE_INFINITY;
  // The better of two: whatever else the machine does in that moment is no property of the corpus.
  for (let round = 0; round < 2; round++) {
    const began = performance.now();
    vectors = await embedder.embed(some, 'passage', { signal });
    each = Math.min(each, (performance.now() - began) / some.length);
  }
  return { vectors, each };
};

/** Writes the sample as a build would, in a folder that is gone afterwards. */
const writeSample = async (documents: readonly PreparedDocument[], vectors: readonly (Float32Array | null)[]) => {
  const folder = await mkdtemp(join(tmpdir(), 'tenkyo-estimate-'));
  const file = join(folder, 'sample.sqlite');
  try {
    const writer = createIndexWriter(file);
    const { took } = timed(() => {
      writer.extend(() => documents.forEach(writer.addDocument));
      writer.commit();
      while (writer.tidy());
    });
    const { passages } = writer.counts();
    writer.extend(() => {
      for (let row = 1; row <= passages && vectors.length > 0; row++) {
        const vector = vectors[row % vectors.length];
        if (vector) writer.addVector(row, vector);
      }
    });
    writer.commit();
    writer.finish();
    writer.close();
    return { took, passages, bytes: (await stat(file)).size };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Samples the beginnings of the files. On a machine that is busy with other things the real build takes longer. */
export const estimateBuild = async (
  { embedder, signal, threads }: Pick<BuildOptions, 'embedder' | 'signal' | 'threads'>,
  { files, base }: Pick<BuildPlan, 'files' | 'base'>,
): Promise<Estimate> => {
  const every = Math.ceil(files.length / sampledFiles);
  const perFile = Math.ceil(sampledDocuments / Math.min(files.length, sampledFiles));
  const documents: PreparedDocument[] = [];
  const rates = new Map<number, number>();
  let lines = 0;
  let preparing = 0;
  for (let file = 0; file < files.length; file += every) {
    const sample = await beginningOf(files[file]!, perFile, signal);
    // Once to warm up: a build of any size runs warm.
    for (const document of sample.documents.slice(0, 10)) preparePassages(document);
    const { value, took } = timed(() =>
      sample.documents.map((one) => ({ document: one, passages: preparePassages(one) })),
    );
    documents.push(...value);
    preparing += took;
    lines += sample.lines;
    const passages = value.reduce((sum, one) => sum + one.passages.length, 0);
    if (sample.lines > 0) rates.set(file, passages / sample.lines);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  const texts = textsOf(documents);
  const average = texts.length / Math.max(1, lines);
  const passagesOf = files.map((file, index) => Math.round(file.lines * (rates.get(index) ?? average)));
  const passages = passagesOf.reduce((sum, count) => sum + count, 0);
  const work = base?.lacks ?? files.map((file) => ({ file, from: 0 }));
  const linesToRead = work.reduce((sum, { file, from }) => sum + file.lines - from, 0);
  const shared = { passages, passagesOf, linesToRead };
  if (texts.length === 0) return { ...shared, bytes: 0, seconds: 0 };

  const { vectors, each } = embedder ? await embedSome(embedder, texts, signal) : { vectors: [], each: 0 };
  const { took: writing, bytes: whole } = await writeSample(documents, vectors);
  const half = await writeSample(
    documents.filter((_, index) => index % 2 === 0),
    vectors,
  );
  // What one more passage adds: the more there are, the less each adds to the list of words.
  const perPassageBytes = (whole - half.bytes) / Math.max(1, texts.length - half.passages);
  const toWrite = linesToRead * average;
  const isKept = base?.lacks && base.manifest.recipe.embedder === (embedder?.fingerprint ?? null);
  const used = threads ?? threadsFor(bytesOf(work));
  const perPassageMs =
    used === 0 ? (preparing + writing) / texts.length : Math.max(preparing / used, writing) / texts.length;
  return {
    ...shared,
    bytes: Math.round(whole + Math.max(0, passages - texts.length) * perPassageBytes),
    seconds: (toWrite * perPassageMs + (isKept ? toWrite : passages) * each) / milliseconds,
  };
};
