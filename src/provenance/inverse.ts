import { iterationAt } from './batches.ts';
import type { DatasetOrder } from './megatron/dataset-order.ts';
import { drawAt, type PhaseOrder } from './megatron/phase-order.ts';

/** One time a document was read, within a phase. */
export interface Visit {
  readonly phasePosition: number;
  /** Within the phase. */
  readonly iteration: number;
  /** Place of the document in document_index: each is one pass over the document. */
  readonly place: number;
  readonly tokenStart: number;
  readonly tokenEnd: number;
  readonly labelOnly: boolean;
}

/** A phase's reading of one dataset, from documents to positions. */
export interface InverseOrder {
  readonly source: string;
  readonly sequencesPerEpoch: number;
  /** Calls `visit` for every drawn sample that holds a token of the sequence: place by place, samples ascending. */
  forEach(sequence: number, visit: (visit: Visit) => void): void;
}

type Positions = Int32Array | Float64Array;

/** Positions fit 31 bits but for runs of over two milliard samples. */
const positionArray = (length: number, largest: number): Positions =>
  largest < 2 ** 31 ? new Int32Array(length) : new Float64Array(length);

/** Places of document_index by sequence: those of s are `places[starts[s]] … places[starts[s + 1] − 1]`, ascending. */
const placesBySequence = ({ documentIndex, lengths }: DatasetOrder): { starts: Positions; places: Positions } => {
  const starts = positionArray(lengths.length + 1, documentIndex.length);
  for (const sequence of documentIndex) starts[sequence + 1]! += 1;
  for (let sequence = 0; sequence < lengths.length; sequence += 1) starts[sequence + 1]! += starts[sequence]!;
  const places = positionArray(documentIndex.length, documentIndex.length);
  const next = starts.slice();
  for (let place = 0; place < documentIndex.length; place += 1) {
    const sequence = documentIndex[place]!;
    places[next[sequence]!] = place;
    next[sequence]! += 1;
  }
  return { starts, places };
};

/** Least row of sample_index whose place is at least `place` (`after`: greater than it). */
const firstRow = ({ sampleIndex, samples }: DatasetOrder, place: number, after: boolean): number => {
  let low = 0;
  let high = samples + 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sampleIndex[2 * middle]!;
    if (at < place || (after && at === place)) low = middle + 1;
    else high = middle;
  }
  return low;
};

const invertDataset = (phase: PhaseOrder, dataset: DatasetOrder, positionOf: Positions): InverseOrder => {
  const { sampleIndex, lengths, samples, source, sequencesPerEpoch } = dataset;
  const { segments } = phase.phase;
  const { starts, places } = placesBySequence(dataset);
  return {
    source,
    sequencesPerEpoch,
    forEach: (sequence, visit) => {
      const length = lengths[sequence]!;
      if (length === 0) return;
      for (let entry = starts[sequence]!; entry < starts[sequence + 1]!; entry += 1) {
        const place = places[entry]!;
        // Sample j holds tokens from row j to row j + 1: the first that ends at the place or later, to the last that
        // begins at it or before.
        const first = Math.max(0, firstRow(dataset, place, false) - 1);
        const last = Math.min(samples, firstRow(dataset, place, true)) - 1;
        for (let sample = first; sample <= last; sample += 1) {
          const phasePosition = positionOf[sample]!;
          if (phasePosition < 0) continue;
          const tokenStart = sampleIndex[2 * sample] === place ? sampleIndex[2 * sample + 1]! : 0;
          const tokenEnd = sampleIndex[2 * sample + 2] === place ? sampleIndex[2 * sample + 3]! : length;
          const labelOnly = tokenEnd === 0;
          if (tokenEnd <= tokenStart && !labelOnly) continue;
          visit({
            phasePosition,
            iteration: iterationAt(segments, phasePosition),
            place,
            tokenStart,
            tokenEnd: labelOnly ? 1 : tokenEnd,
            labelOnly,
          });
        }
      }
    },
  };
};

/**
 * Turns a phase's order around. Memory: one number a sample built, and two a document_index entry at most; time: one
 * pass over each array.
 */
export const invertPhase = (phase: PhaseOrder): InverseOrder[] => {
  const positionOf = new Map(
    phase.datasets.map((dataset) => [dataset, positionArray(dataset.samples, phase.samples).fill(-1)]),
  );
  for (let position = 0; position < phase.samples; position += 1) {
    const { dataset, sample } = drawAt(phase, position);
    positionOf.get(dataset)![sample] = position;
  }
  return phase.datasets.map((dataset) => invertDataset(phase, dataset, positionOf.get(dataset)!));
};
