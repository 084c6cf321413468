import { TenkyoError } from '../../errors.ts';
import { samplesOf } from '../batches.ts';
import type { SamplePart } from '../occurrence.ts';
import type { Phase, Run } from '../run.ts';
import { type BlendOrder, readBlendOrder } from './blend-order.ts';
import { locateCaches } from './caches.ts';
import { type DatasetOrder, readDatasetOrder } from './dataset-order.ts';
import { readTokenIndex, type TokenIndex } from './token-index.ts';

/** What one phase read, in order: Megatron's own arrays, checked. */
export interface PhaseOrder {
  readonly phase: Phase;
  /** Samples that the run's earlier phases drew: this phase's position 0 in the whole run. */
  readonly positionOffset: number;
  /** Samples drawn. */
  readonly samples: number;
  /** null: the phase reads its one dataset. */
  readonly blend: BlendOrder | null;
  /** In the order of the blend. */
  readonly datasets: readonly DatasetOrder[];
}

/** Everything a run's index files say. */
export interface RunOrder {
  readonly run: Run;
  /** By source. */
  readonly tokenIndexes: ReadonlyMap<string, TokenIndex>;
  readonly phases: readonly PhaseOrder[];
}

/** The forward walk, first half: the dataset of the blend and its sample that stand at a phase-relative position. */
export const drawAt = (
  { blend, datasets }: PhaseOrder,
  phasePosition: number,
): { dataset: DatasetOrder; sample: number } => {
  const dataset = datasets[blend ? blend.datasetIndex[phasePosition]! : 0]!;
  const draw = blend ? blend.datasetSampleIndex[phasePosition]! : phasePosition;
  return { dataset, sample: dataset.shuffleIndex[draw]! };
};

/** The forward walk, second half: the documents' parts of a sample, in the order of its tokens. */
export const partsOf = (dataset: DatasetOrder, sample: number): SamplePart[] => {
  const { sampleIndex, documentIndex, lengths, sequencesPerEpoch } = dataset;
  const firstPlace = sampleIndex[2 * sample]!;
  const lastPlace = sampleIndex[2 * sample + 2]!;
  const parts: SamplePart[] = [];
  for (let place = firstPlace; place <= lastPlace; place += 1) {
    const sequence = documentIndex[place]!;
    const tokenStart = place === firstPlace ? sampleIndex[2 * sample + 1]! : 0;
    const inputEnd = place === lastPlace ? sampleIndex[2 * sample + 3]! : lengths[sequence]!;
    // The sample's last token is its label: where that is a document's first token, the document gives nothing else.
    const labelOnly = place === lastPlace && inputEnd === 0;
    if (inputEnd <= tokenStart && !labelOnly) continue;
    const epoch = Math.floor(place / sequencesPerEpoch);
    parts.push({ sequence, epoch, tokenStart, tokenEnd: labelOnly ? 1 : inputEnd, labelOnly });
  }
  return parts;
};

const readPhase = async (
  run: Run,
  phase: Phase,
  positionOffset: number,
  tokenIndexes: ReadonlyMap<string, TokenIndex>,
): Promise<PhaseOrder> => {
  const parts = phase.blend.map(({ source }) => run.datasets.find((dataset) => dataset.source === source)!);
  const files = await locateCaches(phase, parts);
  const datasets = await Promise.all(
    parts.map(({ source }, index) =>
      readDatasetOrder(source, tokenIndexes.get(source)!, files.datasets[index]!, phase.sequenceLength),
    ),
  );
  const blend = files.blend ? await readBlendOrder(files.blend, datasets) : null;
  const samples = samplesOf(phase);
  const built = blend ? blend.datasetIndex.length : datasets[0]!.samples;
  if (samples > built) {
    throw new TenkyoError('config_invalid', `Phase "${phase.name}" cannot have read as much as the run file says`, {
      where: run.file,
      expected: `at most ${built} samples, as many as its index cache holds (${phase.caches.directory})`,
      found: `${samples} samples in ${phase.iterations} iterations`,
      remedy: "Check the phase's iterations and batch size against the training log.",
    });
  }
  return { phase, positionOffset, samples, blend, datasets };
};

const checkDataset = (run: Run, { source, corpus, expected }: Run['datasets'][number], index: TokenIndex): void => {
  const documents = index.lengths.length;
  for (const [what, declared, found] of [
    ['documents', expected.documents, documents],
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
  const oneToOne =
    index.documentBounds.length === documents + 1 && index.documentBounds.every((bound, line) => bound === line);
  if (corpus === null || oneToOne) return;
  throw new TenkyoError('config_invalid', `The lines of ${source} and its sequences do not stand one to one`, {
    where: `${index.file}, declared in ${run.file}`,
    expected: `one sequence a line of ${corpus}`,
    found: `${index.documentBounds.length - 1} lines and ${documents} sequences`,
    remedy: 'Leave out corpus for this source: which line is which sequence cannot be told.',
  });
};

/**
 * Reads a run's token indexes and index caches, and checks them against each other and the run file.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt` or `config_invalid`
 */
export const readRunOrder = async (run: Run): Promise<RunOrder> => {
  const read = async (dataset: Run['datasets'][number]): Promise<[string, TokenIndex]> => {
    const index = await readTokenIndex(dataset.prefix);
    checkDataset(run, dataset, index);
    return [dataset.source, index];
  };
  const tokenIndexes = new Map(await Promise.all(run.datasets.map(read)));
  const phases: PhaseOrder[] = [];
  let positionOffset = 0;
  for (const phase of run.phases) {
    phases.push(await readPhase(run, phase, positionOffset, tokenIndexes));
    positionOffset += samplesOf(phase);
  }
  return { run, tokenIndexes, phases };
};
