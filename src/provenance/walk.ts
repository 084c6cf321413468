import { iterationAt, samplesBefore } from './batches.ts';
import type { DatasetFiles, PhaseFiles, RunFiles } from './megatron/run-files.ts';
import type { Sample, SamplePart } from './occurrence.ts';
import type { TableFooter } from './table/layout.ts';

/** A sample with where it stands in the run. */
interface WalkedSample {
  readonly phase: string;
  readonly iteration: number;
  readonly sample: Sample;
}

/** The forward walk: position → data set → sample → parts of documents, by Megatron's own arrays as they lie on disk. */
export interface Walk {
  /** Samples that the run drew. */
  readonly positions: number;
  /** null past the end. Throws `file_corrupt`. */
  at(position: number): Promise<WalkedSample | null>;
  /** The samples of an iteration (phase-relative) in reading order. */
  batch(phase: PhaseFiles, iteration: number): Promise<readonly Sample[]>;
}

const drawAt = async ({ blend, datasets }: PhaseFiles, phasePosition: number) => {
  const ordinal = blend ? (await blend.datasetIndex.read(phasePosition, 1))[0]! : 0;
  const draw = blend ? (await blend.datasetSampleIndex.read(phasePosition, 1))[0]! : phasePosition;
  const [sample] = await datasets[ordinal]!.shuffleIndex.read(draw, 1);
  return { ordinal, sample: sample! };
};

/** The documents' parts of a sample, in the order of its tokens. */
const partsOf = async (
  { sampleIndex, documentIndex, tokens }: DatasetFiles,
  sample: number,
  sequencesPerEpoch: number,
): Promise<SamplePart[]> => {
  const [firstPlace, firstOffset, lastPlace, lastOffset] = await sampleIndex.read(2 * sample, 4);
  const last = Math.min(lastPlace!, documentIndex.length - 1);
  const sequences = await documentIndex.read(firstPlace!, last - firstPlace! + 1);
  const parts: SamplePart[] = [];
  for (const [index, sequence] of sequences.entries()) {
    const place = firstPlace! + index;
    const tokenStart = index === 0 ? firstOffset! : 0;
    const inputEnd = place === lastPlace ? lastOffset! : (await tokens.lengths.read(sequence, 1))[0]!;
    // The sample's last token is its label: where that is a document's first token, the document gives nothing else.
    const labelOnly = place === lastPlace && inputEnd === 0;
    if (inputEnd <= tokenStart && !labelOnly) continue;
    const epoch = Math.floor(place / sequencesPerEpoch);
    parts.push({ sequence, epoch, tokenStart, tokenEnd: labelOnly ? 1 : inputEnd, labelOnly });
  }
  return parts;
};

/** @param footer says how many places make an epoch, which takes a pass over all of them to know */
export const createWalk = ({ phases }: RunFiles, { sources }: Pick<TableFooter, 'sources'>): Walk => {
  const perEpoch = phases.map(({ datasets }, phase) =>
    datasets.map(({ source }, ordinal) => {
      const { parts } = sources.find((candidate) => candidate.source === source)!;
      return parts.find((part) => part.phase === phase && part.ordinal === ordinal)!.sequencesPerEpoch;
    }),
  );
  const sampleAt = async (phase: PhaseFiles, phasePosition: number): Promise<Sample> => {
    const { ordinal, sample } = await drawAt(phase, phasePosition);
    const dataset = phase.datasets[ordinal]!;
    return {
      position: phase.positionOffset + phasePosition,
      phasePosition,
      source: dataset.source,
      parts: await partsOf(dataset, sample, perEpoch[phases.indexOf(phase)]![ordinal]!),
    };
  };
  const { positionOffset, samples } = phases.at(-1)!;
  return {
    positions: positionOffset + samples,
    at: async (position) => {
      const found = phases.findLast((phase) => phase.positionOffset <= position);
      if (!found || position >= found.positionOffset + found.samples) return null;
      const { name, iterationOffset, segments } = found.phase;
      const phasePosition = position - found.positionOffset;
      return {
        phase: name,
        iteration: iterationOffset + iterationAt(segments, phasePosition),
        sample: await sampleAt(found, phasePosition),
      };
    },
    batch: async (phase, iteration) => {
      const { segments } = phase.phase;
      const batch: Sample[] = [];
      const end = samplesBefore(segments, iteration + 1);
      for (let position = samplesBefore(segments, iteration); position < end; position += 1) {
        batch.push(await sampleAt(phase, position));
      }
      return batch;
    },
  };
};
