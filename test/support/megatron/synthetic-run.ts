import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBlend, buildDataset, type DatasetArrays, type Random } from './build.ts';
import { encodeIntegers, encodeNpy, encodeTokenIndex, type IntegerName } from './encode.ts';

export interface SyntheticRun {
  readonly seed: number;
  readonly sequenceLength: number;
  readonly tokenType: IntegerName;
  /** sample_index and shuffle_index as runs of over 2^31 tokens have them. */
  readonly wide: boolean;
  /** The run file names the hashes; else they are found by the descriptions. */
  readonly declareHashes: boolean;
  /** Tokens of each document. */
  readonly sources: readonly (readonly number[])[];
  readonly phases: readonly SyntheticPhase[];
}

export interface SyntheticPhase {
  /** Ordinals of sources, each once, with weights. One alone: no blend. */
  readonly blend: readonly { readonly source: number; readonly weight: number }[];
  readonly iterations: number;
  readonly globalBatchSize: number;
  readonly rampUp?: { readonly start: number; readonly increment: number; readonly samples: number };
  readonly batchChanges?: readonly { readonly fromIteration: number; readonly globalBatchSize: number }[];
}

/** One sample as the stream of tokens gives it, without sample_index. */
export interface TrueSample {
  readonly phase: string;
  readonly iteration: number;
  readonly position: number;
  readonly phasePosition: number;
  readonly source: string;
  readonly parts: readonly TruePart[];
}

interface TruePart {
  readonly sequence: number;
  /** Place in document_index, one for each pass. */
  readonly place: number;
  readonly epoch: number;
  readonly tokenStart: number;
  readonly tokenEnd: number;
  readonly labelOnly: boolean;
}

const mulberry32 = (seed: number): Random => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** Batch size of each iteration, by Megatron's rule: chosen before it from the samples consumed. */
const batchSizes = ({ iterations, globalBatchSize, rampUp, batchChanges = [] }: SyntheticPhase): number[] => {
  let consumed = 0;
  return Array.from({ length: iterations }, (_, iteration) => {
    let size = batchChanges.findLast(({ fromIteration }) => fromIteration <= iteration)?.globalBatchSize;
    if (rampUp && consumed <= rampUp.samples) {
      const perStep = rampUp.samples / Math.floor((globalBatchSize - rampUp.start) / rampUp.increment);
      size = rampUp.start + Math.floor(consumed / perStep) * rampUp.increment;
    }
    size ??= globalBatchSize;
    consumed += size;
    return size;
  });
};

const sourceName = (ordinal: number): string => `source_${ordinal}`;
const prefixName = (ordinal: number): string => `${sourceName(ordinal)}_text_document`;

interface StreamToken {
  readonly sequence: number;
  readonly place: number;
  readonly token: number;
}

/** Every token of the documents in the order of document_index. */
const streamOf = (lengths: readonly number[], { documentIndex }: DatasetArrays): StreamToken[] =>
  documentIndex.flatMap((sequence, place) =>
    Array.from({ length: lengths[sequence]! }, (_, token) => ({ sequence, place, token })),
  );

/** The parts of a sample, counted token by token. */
const trueParts = (
  stream: readonly StreamToken[],
  documents: number,
  sample: number,
  sequenceLength: number,
): TruePart[] => {
  const from = sample * sequenceLength;
  const parts: TruePart[] = [];
  for (const [index, { sequence, place, token }] of stream.slice(from, from + sequenceLength + 1).entries()) {
    const isLabel = index === sequenceLength;
    const last = parts.at(-1);
    if (last?.place === place) {
      if (!isLabel) parts[parts.length - 1] = { ...last, tokenEnd: token + 1 };
      continue;
    }
    const epoch = Math.floor(place / documents);
    parts.push({ sequence, place, epoch, tokenStart: token, tokenEnd: token + 1, labelOnly: isLabel });
  }
  return parts;
};

type Writer = (name: string, bytes: Buffer | string) => void;

const writePhase = (run: SyntheticRun, phase: SyntheticPhase, samples: number, random: Random, write: Writer) => {
  const { sequenceLength, seed, wide } = run;
  const weights = phase.blend.map(({ weight }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const blended = phase.blend.length > 1;
  const descriptions: object[] = [];
  const describe = (cacheClass: string, description: object): string => {
    const text = JSON.stringify(description, null, 4);
    const hash = createHash('md5').update(text).digest('hex');
    write(`${hash}-${cacheClass}-train-description.txt`, text);
    return hash;
  };
  const built = phase.blend.map(({ source, weight }) => {
    const wanted = blended ? Math.ceil(Math.ceil((samples * weight) / total) * 1.005) + 1 : samples;
    const description = {
      class: 'GPTDataset',
      dataset_path: `/data/train/${prefixName(source)}`,
      num_samples: wanted,
      index_split: 'train',
      random_seed: seed,
      sequence_length: sequenceLength,
      split: '1,0,0',
    };
    descriptions.push(description);
    const hash = describe('GPTDataset', description);
    const arrays = buildDataset(run.sources[source]!, wanted, sequenceLength, random);
    const file = (name: string, bytes: Buffer): void => write(`${hash}-GPTDataset-train-${name}.npy`, bytes);
    file('document_index', encodeNpy('int32', arrays.documentIndex));
    file('sample_index', encodeNpy(wide ? 'int64' : 'int32', arrays.sampleIndex, 2));
    file('shuffle_index', encodeNpy(wide ? 'int64' : 'uint32', arrays.shuffleIndex));
    return { hash, arrays };
  });
  if (!blended) return { built, blend: null, hash: undefined };
  const blend = buildBlend(weights, samples + (seed % 3));
  const hash = describe('BlendedDataset', { class: 'BlendedDataset', datasets: descriptions, split: 'train', weights });
  const file = (name: string, bytes: Buffer): void => write(`${hash}-BlendedDataset-train-${name}.npy`, bytes);
  file('dataset_index', encodeNpy('int16', blend.datasetIndex));
  file('dataset_sample_index', encodeNpy('int64', blend.datasetSampleIndex));
  return { built, blend, hash };
};

/** Token t of sequence s of source d, within uint8. */
const tokenId = (source: number, sequence: number, token: number): number =>
  (source * 89 + sequence * 31 + token) % 120;

/**
 * Writes a run's files as Megatron would leave them, and its run file.
 *
 * @returns the run file, and every sample in reading order, found without the index files
 */
export const writeSyntheticRun = (
  folder: string,
  run: SyntheticRun,
): { file: string; truth: TrueSample[]; built: DatasetArrays[] } => {
  const random = mulberry32(run.seed);
  for (const [ordinal, lengths] of run.sources.entries()) {
    const prefix = join(folder, prefixName(ordinal));
    writeFileSync(`${prefix}.idx`, encodeTokenIndex(run.tokenType, lengths));
    const ids = lengths.flatMap((length, sequence) =>
      Array.from({ length }, (_, token) => tokenId(ordinal, sequence, token)),
    );
    writeFileSync(`${prefix}.bin`, encodeIntegers(run.tokenType, ids));
  }
  const truth: TrueSample[] = [];
  const allBuilt: DatasetArrays[] = [];
  const phases: object[] = [];
  let position = 0;
  let iterationOffset = 0;
  for (const [index, phase] of run.phases.entries()) {
    const name = `phase_${index}`;
    const sizes = batchSizes(phase);
    const samples = sizes.reduce((sum, size) => sum + size, 0);
    const cachePath = `cache_${index}`;
    mkdirSync(join(folder, cachePath), { recursive: true });
    const { built, blend, hash } = writePhase(run, phase, samples, random, (file, bytes) =>
      writeFileSync(join(folder, cachePath, file), bytes),
    );
    allBuilt.push(...built.map(({ arrays }) => arrays));
    const streams = built.map(({ arrays }, part) => streamOf(run.sources[phase.blend[part]!.source]!, arrays));
    let phasePosition = 0;
    for (const [iteration, size] of sizes.entries()) {
      for (let member = 0; member < size; member += 1) {
        const part = blend ? blend.datasetIndex[phasePosition]! : 0;
        const draw = blend ? blend.datasetSampleIndex[phasePosition]! : phasePosition;
        const { source } = phase.blend[part]!;
        const { arrays } = built[part]!;
        truth.push({
          phase: name,
          iteration: iterationOffset + iteration,
          position,
          phasePosition,
          source: sourceName(source),
          parts: trueParts(streams[part]!, run.sources[source]!.length, arrays.shuffleIndex[draw]!, run.sequenceLength),
        });
        position += 1;
        phasePosition += 1;
      }
    }
    iterationOffset += phase.iterations;
    const { blend: parts, ...settings } = phase;
    const dataPath = parts.flatMap(({ source, weight }) => [weight, prefixName(source)]);
    phases.push({
      ...settings,
      name,
      sequenceLength: run.sequenceLength,
      seed: run.seed,
      dataPath,
      cachePath,
      ...(run.declareHashes && {
        caches: {
          blended: hash,
          datasets: built.map((dataset, part) => ({
            dataset: prefixName(parts[part]!.source),
            hash: dataset.hash,
          })),
        },
      }),
    });
  }
  const sources = run.sources.map((lengths, ordinal) => ({
    name: sourceName(ordinal),
    prefix: prefixName(ordinal),
    documents: lengths.length,
  }));
  const file = join(folder, 'run.json');
  writeFileSync(file, JSON.stringify({ name: 'synthetic', sources, phases }));
  return { file, truth, built: allBuilt };
};
