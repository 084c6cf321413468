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
  /** Names and descriptions of the caches; default: Megatron core's. */
  readonly layout?: 'core' | 'legacy';
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
  /** As the run file has it, both ends included: upstream from 0, LLM-jp's from 1 and with fewer samples. */
  readonly skipped?: readonly (
    | { readonly convention: 'upstream'; readonly from: number; readonly to: number }
    | {
        readonly convention: 'llm-jp';
        readonly from: number;
        readonly to: number;
        readonly samplesTaken: number;
        readonly resumedAt: 'never';
      }
  )[];
}

/** One sample as the stream of tokens gives it, without sample_index. */
export interface TrueSample {
  readonly phase: string;
  readonly iteration: number;
  readonly position: number;
  readonly phasePosition: number;
  readonly source: string;
  readonly skipped: boolean;
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

/** The skipped range that an iteration lies in. */
const rangeAt = ({ skipped = [] }: SyntheticPhase, iteration: number) =>
  skipped.find(({ convention, from, to }) => {
    const number = convention === 'upstream' ? iteration : iteration + 1;
    return from <= number && number <= to;
  });

/** Batch size of each iteration, by Megatron's rule: chosen before it from the samples consumed. */
const batchSizes = (phase: SyntheticPhase): number[] => {
  const { iterations, globalBatchSize, rampUp, batchChanges = [] } = phase;
  let consumed = 0;
  return Array.from({ length: iterations }, (_, iteration) => {
    let size = batchChanges.findLast(({ fromIteration }) => fromIteration <= iteration)?.globalBatchSize;
    if (rampUp && consumed <= rampUp.samples) {
      const perStep = rampUp.samples / Math.floor((globalBatchSize - rampUp.start) / rampUp.increment);
      size = rampUp.start + Math.floor(consumed / perStep) * rampUp.increment;
    }
    size ??= globalBatchSize;
    const range = rangeAt(phase, iteration);
    if (range?.convention === 'llm-jp') size = range.samplesTaken / (range.to - range.from + 1);
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

interface DatasetDescription {
  readonly path: string;
  readonly wanted: number;
  readonly sequenceLength: number;
  readonly seed: number;
}

/** How the code that trained names and describes its caches. */
const layouts = {
  core: {
    dataset: ({ path, wanted, sequenceLength, seed }: DatasetDescription): string =>
      JSON.stringify(
        {
          class: 'GPTDataset',
          dataset_path: path,
          num_samples: wanted,
          index_split: 'train',
          random_seed: seed,
          sequence_length: sequenceLength,
          split: '1,0,0',
        },
        null,
        4,
      ),
    blend: (datasets: readonly string[], weights: readonly number[]): string =>
      JSON.stringify({
        class: 'BlendedDataset',
        datasets: datasets.map((text): unknown => JSON.parse(text)),
        split: 'train',
        weights,
      }),
    names: {
      GPTDataset: ['-GPTDataset-train-description.txt', '-GPTDataset-train-document_index.npy'],
      sample: '-GPTDataset-train-sample_index.npy',
      shuffle: '-GPTDataset-train-shuffle_index.npy',
      BlendedDataset: '-BlendedDataset-train-description.txt',
      index: '-BlendedDataset-train-dataset_index.npy',
      draws: '-BlendedDataset-train-dataset_sample_index.npy',
    },
    indexType: 'int16',
  },
  legacy: {
    dataset: ({ path, wanted, sequenceLength, seed }: DatasetDescription): string =>
      `GPT Dataset\n\nData prefix ${path}\nDataset name train\nNumber of samples ${wanted}\n` +
      `Sequence length ${sequenceLength}\nRandom seed ${seed}\nSplit 100,0,0\n`,
    blend: (datasets: readonly string[], weights: readonly number[]): string =>
      `Blendable dataset\n\nDatasets:\n${datasets.map((text) => `${text}\n\n`).join('')}Weights: [${weights.join(' ')}]\nSize: 1\n`,
    names: {
      GPTDataset: ['.dsc', '_doc_idx.npy'],
      sample: '_sample_idx.npy',
      shuffle: '_shuffle_idx.npy',
      BlendedDataset: '.dsc',
      index: '_index.npy',
      draws: '_sample_index.npy',
    },
    indexType: 'uint8',
  },
} as const;

const writePhase = (run: SyntheticRun, phase: SyntheticPhase, samples: number, random: Random, write: Writer) => {
  const { sequenceLength, seed, wide } = run;
  const { dataset, blend: describeBlend, names, indexType } = layouts[run.layout ?? 'core'];
  const weights = phase.blend.map(({ weight }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const blended = phase.blend.length > 1;
  const describe = (ending: string, text: string): string => {
    const hash = createHash('md5').update(text).digest('hex');
    write(`${hash}${ending}`, text);
    return hash;
  };
  const descriptions: string[] = [];
  const built = phase.blend.map(({ source, weight }) => {
    const wanted = blended ? Math.ceil(Math.ceil((samples * weight) / total) * 1.005) + 1 : samples;
    const text = dataset({ path: `/data/train/${prefixName(source)}`, wanted, sequenceLength, seed });
    descriptions.push(text);
    const hash = describe(names.GPTDataset[0], text);
    const arrays = buildDataset(run.sources[source]!, wanted, sequenceLength, random);
    write(`${hash}${names.GPTDataset[1]}`, encodeNpy('int32', arrays.documentIndex));
    write(`${hash}${names.sample}`, encodeNpy(wide ? 'int64' : 'int32', arrays.sampleIndex, 2));
    write(`${hash}${names.shuffle}`, encodeNpy(wide ? 'int64' : 'uint32', arrays.shuffleIndex));
    return { hash, arrays };
  });
  if (!blended) return { built, blend: null, hash: undefined };
  const blend = buildBlend(weights, samples + (seed % 3));
  const hash = describe(names.BlendedDataset, describeBlend(descriptions, weights));
  write(`${hash}${names.index}`, encodeNpy(indexType, blend.datasetIndex));
  write(`${hash}${names.draws}`, encodeNpy('int64', blend.datasetSampleIndex));
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
          skipped: rangeAt(phase, iteration) !== undefined,
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
