import { TenkyoError } from '../../errors.ts';
import { samplesOf } from '../batches.ts';
import type { Dataset, Phase, Run } from '../run.ts';
import { type CacheFiles, type DatasetCacheFiles, locateCaches } from './caches.ts';
import { corrupt } from './file.ts';
import { type NpyFile, openNpy } from './npy.ts';
import { reconstructCaches } from './reconstruct.ts';
import { openTokenIndex, type TokenIndex } from './token-index.ts';

/** The three arrays of `GPTDataset`, open. */
export interface DatasetFiles {
  readonly source: string;
  readonly tokens: TokenIndex;
  /** Sequence at each place of the stream of tokens; every sequence of the split stands in it once an epoch. */
  readonly documentIndex: NpyFile;
  /** Row j: place that holds token j·S of the stream, and the token's offset in that sequence. samples + 1 rows. */
  readonly sampleIndex: NpyFile;
  /** The sample drawn q-th. */
  readonly shuffleIndex: NpyFile;
  /** Samples built; a run need not draw them all. */
  readonly samples: number;
}

/** Which dataset of the blend each position reads, and the how-manieth draw from it that is. */
interface BlendFiles {
  readonly datasetIndex: NpyFile;
  readonly datasetSampleIndex: NpyFile;
}

/** One phase's own index files. */
export interface PhaseFiles {
  readonly phase: Phase;
  /** Samples that the run's earlier phases drew: this phase's position 0 in the whole run. */
  readonly positionOffset: number;
  /** Samples drawn. */
  readonly samples: number;
  /** null: the phase reads its one dataset. */
  readonly blend: BlendFiles | null;
  /** In the order of the blend. */
  readonly datasets: readonly DatasetFiles[];
}

/** A run's index files, open for positioned reads. */
export interface RunFiles {
  readonly run: Run;
  /** By source. */
  readonly tokenIndexes: ReadonlyMap<string, TokenIndex>;
  readonly phases: readonly PhaseFiles[];
  /** Every file read. */
  readonly paths: readonly string[];
  close(): Promise<void>;
}

export interface RunFilesOptions {
  readonly run: Run;
  /** Where caches made anew are kept. */
  readonly directory: string;
}

/** Opens files one by one, and closes those that are open when one of them fails. */
interface Opener {
  npy(...options: Parameters<typeof openNpy>): Promise<NpyFile>;
  tokenIndex(prefix: string): Promise<TokenIndex>;
  readonly paths: string[];
  close(): Promise<void>;
}

const createOpener = (): Opener => {
  const open: { close(): Promise<void> }[] = [];
  const paths: string[] = [];
  const kept = <T extends { file: string; close(): Promise<void> }>(opened: T): T => {
    open.push(opened);
    paths.push(opened.file);
    return opened;
  };
  return {
    npy: async (...options) => kept(await openNpy(...options)),
    tokenIndex: async (prefix) => kept(await openTokenIndex(prefix)),
    paths,
    close: async () => {
      for (const file of open.splice(0)) await file.close();
    },
  };
};

const openDataset = async (
  source: string,
  tokens: TokenIndex,
  files: DatasetCacheFiles,
  opener: Opener,
): Promise<DatasetFiles> => {
  const documentIndex = await opener.npy(files.documentIndex, {
    name: 'document_index',
    types: ['int32', 'int64'],
    columns: 1,
  });
  const sampleIndex = await opener.npy(files.sampleIndex, {
    name: 'sample_index',
    types: ['int32', 'int64'],
    columns: 2,
  });
  const shuffleIndex = await opener.npy(files.shuffleIndex, {
    name: 'shuffle_index',
    types: ['uint32', 'int64'],
    columns: 1,
  });
  const fault = (message: string, file: NpyFile, expected: string, found: number) =>
    corrupt(message, { file: file.file, offset: file.offsetOf(0), expected, found: String(found) });
  if (sampleIndex.rows === 0) throw fault('sample_index is empty', sampleIndex, 'at least one row', 0);
  const samples = sampleIndex.rows - 1;
  if (shuffleIndex.rows !== samples) {
    const message = 'shuffle_index and sample_index do not fit';
    throw fault(message, shuffleIndex, `${samples} samples`, shuffleIndex.rows);
  }
  return { source, tokens, documentIndex, sampleIndex, shuffleIndex, samples };
};

const openBlend = async (files: NonNullable<CacheFiles['blend']>, opener: Opener): Promise<BlendFiles> => {
  const datasetIndex = await opener.npy(files.datasetIndex, {
    name: 'dataset_index',
    types: ['int16', 'uint8'],
    columns: 1,
  });
  const datasetSampleIndex = await opener.npy(files.datasetSampleIndex, {
    name: 'dataset_sample_index',
    types: ['int64'],
    columns: 1,
  });
  if (datasetSampleIndex.rows !== datasetIndex.rows) {
    throw corrupt('dataset_index and dataset_sample_index differ in length', {
      file: datasetSampleIndex.file,
      offset: datasetSampleIndex.offsetOf(0),
      expected: String(datasetIndex.rows),
      found: String(datasetSampleIndex.rows),
    });
  }
  return { datasetIndex, datasetSampleIndex };
};

const cachesOf = async (
  phase: Phase,
  parts: readonly Dataset[],
  tokenIndexes: RunFiles['tokenIndexes'],
  directory: string,
): Promise<CacheFiles> => {
  const { reconstruct } = phase.caches;
  if (reconstruct === null) return locateCaches(phase, parts, { wantsBlend: true });
  const found = reconstruct.what === 'blend' ? await locateCaches(phase, parts, { wantsBlend: false }) : null;
  return reconstructCaches({ phase, tokenIndexes, directory, datasets: found?.datasets ?? null });
};

const openPhase = async (
  { run, directory }: RunFilesOptions,
  phase: Phase,
  positionOffset: number,
  tokenIndexes: RunFiles['tokenIndexes'],
  opener: Opener,
): Promise<PhaseFiles> => {
  const parts = phase.blend.map(({ source }) => run.datasets.find((dataset) => dataset.source === source)!);
  const files = await cachesOf(phase, parts, tokenIndexes, directory);
  const datasets: DatasetFiles[] = [];
  for (const [index, { source }] of parts.entries()) {
    datasets.push(await openDataset(source, tokenIndexes.get(source)!, files.datasets[index]!, opener));
  }
  const blend = files.blend ? await openBlend(files.blend, opener) : null;
  const samples = samplesOf(phase);
  const built = blend ? blend.datasetIndex.rows : datasets[0]!.samples;
  if (samples > built) {
    throw new TenkyoError('config_invalid', `Phase "${phase.name}" cannot have read as much as the run file says`, {
      where: run.file,
      expected: `at most ${built} samples, as many as its index cache holds (${datasets[0]!.documentIndex.file}, …)`,
      found: `${samples} samples in ${phase.iterations} iterations`,
      remedy: "Check the phase's iterations and batch size against the training log.",
    });
  }
  return { phase, positionOffset, samples, blend, datasets };
};

const checkCounts = (run: Run, { source, expected }: Dataset, index: TokenIndex): void => {
  for (const [what, declared, found] of [
    ['documents', expected.documents, index.lengths.length],
    ['tokens', expected.tokens, index.tokens],
  ] as const) {
    if (declared === null || declared === found) continue;
    throw new TenkyoError('config_invalid', `The token index of ${source} is not the one that the run file describes`, {
      where: `${index.file}, declared in ${run.file}`,
      expected: `${declared} ${what}`,
      found: `${found} ${what}`,
      remedy: "Correct the source's prefix or its counts in the run file.",
    });
  }
};

/**
 * Opens a run's token indexes and index caches. Their headers and sizes are checked here; their values are when the
 * table of occurrences is built.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt` or `config_invalid`
 */
export const openRunFiles = async (options: RunFilesOptions): Promise<RunFiles> => {
  const { run } = options;
  const opener = createOpener();
  try {
    const tokenIndexes = new Map<string, TokenIndex>();
    for (const dataset of run.datasets) {
      const index = await opener.tokenIndex(dataset.prefix);
      checkCounts(run, dataset, index);
      tokenIndexes.set(dataset.source, index);
    }
    const phases: PhaseFiles[] = [];
    let positionOffset = 0;
    for (const phase of run.phases) {
      phases.push(await openPhase(options, phase, positionOffset, tokenIndexes, opener));
      positionOffset += samplesOf(phase);
    }
    return { run, tokenIndexes, phases, paths: opener.paths, close: opener.close };
  } catch (error) {
    await opener.close();
    throw error;
  }
};
