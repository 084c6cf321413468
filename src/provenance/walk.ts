import { iterationAt } from './batches.ts';
import { drawAt, type PhaseOrder, partsOf, type RunOrder } from './megatron/phase-order.ts';
import type { Sample } from './occurrence.ts';

/** The sample at a phase-relative position, by the forward walk. */
export const sampleAt = (order: PhaseOrder, phasePosition: number): Sample => {
  const { dataset, sample } = drawAt(order, phasePosition);
  return {
    position: order.positionOffset + phasePosition,
    phasePosition,
    source: dataset.source,
    parts: partsOf(dataset, sample),
  };
};

/** Samples that a run drew. */
export const positionsOf = ({ phases }: RunOrder): number => {
  const last = phases.at(-1)!;
  return last.positionOffset + last.samples;
};

/** The sample at a position of the whole run, with its phase and iteration; null past the end. */
export const walkTo = (
  { phases }: RunOrder,
  position: number,
): { phase: string; iteration: number; sample: Sample } | null => {
  const order = phases.findLast(({ positionOffset }) => positionOffset <= position);
  if (!order || position >= order.positionOffset + order.samples) return null;
  const { name, iterationOffset, segments } = order.phase;
  const phasePosition = position - order.positionOffset;
  return {
    phase: name,
    iteration: iterationOffset + iterationAt(segments, phasePosition),
    sample: sampleAt(order, phasePosition),
  };
};
