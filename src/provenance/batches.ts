import type { BatchSegment, Phase } from './run.ts';

/** The last segment that begins at or before `value`, by `field`. */
const segmentAt = (
  segments: readonly BatchSegment[],
  field: 'fromSample' | 'fromIteration',
  value: number,
): BatchSegment => {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (segments[middle]![field] <= value) low = middle;
    else high = middle - 1;
  }
  return segments[low]!;
};

/** The iteration, within the phase, that reads the sample at `phasePosition`. */
export const iterationAt = (segments: readonly BatchSegment[], phasePosition: number): number => {
  const { fromSample, fromIteration, globalBatchSize } = segmentAt(segments, 'fromSample', phasePosition);
  return fromIteration + Math.floor((phasePosition - fromSample) / globalBatchSize);
};

/** Samples of the phase that were read before its `iteration`: the position of that iteration's first sample. */
export const samplesBefore = (segments: readonly BatchSegment[], iteration: number): number => {
  const { fromSample, fromIteration, globalBatchSize } = segmentAt(segments, 'fromIteration', iteration);
  return fromSample + (iteration - fromIteration) * globalBatchSize;
};

/** Samples that a phase drew. */
export const samplesOf = ({ segments, iterations }: Phase): number => samplesBefore(segments, iterations);

/** Segments of batch sizes that change at the given iterations; the first must begin at iteration 0. */
export const batchSegments = (
  changes: readonly { readonly fromIteration: number; readonly globalBatchSize: number }[],
): BatchSegment[] => {
  let fromSample = 0;
  return changes.map(({ fromIteration, globalBatchSize }, index) => {
    const before = changes[index - 1];
    if (before) fromSample += (fromIteration - before.fromIteration) * before.globalBatchSize;
    return { fromSample, fromIteration, globalBatchSize };
  });
};

export interface RampUp {
  /** Batch size at the start, samples. */
  readonly start: number;
  readonly increment: number;
  /** Samples over which the batch size grows. */
  readonly samples: number;
  /** Batch size after that. */
  readonly globalBatchSize: number;
}

/**
 * The segments of Megatron's `--rampup-batch-size start increment samples`: before each iteration the batch size is
 * chosen by the samples consumed so far (`num_microbatches_calculator.py`, Megatron-LM core 0.13).
 */
export const rampUpSegments = ({ start, increment, samples, globalBatchSize }: RampUp): BatchSegment[] => {
  const steps = Math.floor((globalBatchSize - start) / increment);
  if (steps < 1) return [{ fromSample: 0, fromIteration: 0, globalBatchSize }];
  const samplesPerStep = samples / steps;
  const segments: BatchSegment[] = [];
  let fromSample = 0;
  let fromIteration = 0;
  let size = 0;
  while (size < globalBatchSize) {
    const next = fromSample > samples ? globalBatchSize : start + Math.floor(fromSample / samplesPerStep) * increment;
    if (next !== size) segments.push({ fromSample, fromIteration, globalBatchSize: next });
    size = next;
    fromSample += size;
    fromIteration += 1;
  }
  return segments;
};
