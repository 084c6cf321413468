import { batchSegments, rampUpSegments, samplesBefore } from '../provenance/batches.ts';
import type { BatchSegment, IterationRange } from '../provenance/run.ts';
import type { Problem } from './problems.ts';
import type { PhaseDeclaration } from './run-file-schema.ts';

/** Which iteration read which samples, and which threw them away. */
export interface Schedule {
  readonly segments: readonly BatchSegment[];
  readonly skipped: readonly IterationRange[];
}

type Skipped = NonNullable<PhaseDeclaration['skipped']>[number];

/** 0-based within the phase, both ends included. */
const rangeOf = ({ convention, from, to }: Skipped): IterationRange =>
  convention === 'upstream' ? { from, to } : { from: from - 1, to: to - 1 };

/**
 * Cuts a range out of the segments in which each iteration took `perIteration` samples instead of a batch, and moves
 * what comes after it: the loader went on from where the range left it.
 */
const withRange = (
  segments: readonly BatchSegment[],
  { from, to }: IterationRange,
  samplesTaken: number,
): BatchSegment[] => {
  const fromSample = samplesBefore(segments, from);
  const perIteration = samplesTaken / (to - from + 1);
  const shift = fromSample + samplesTaken - samplesBefore(segments, to + 1);
  const sizeAfter = segments.findLast((segment) => segment.fromIteration <= to + 1)!.globalBatchSize;
  return [
    ...segments.filter((segment) => segment.fromIteration < from),
    { fromSample, fromIteration: from, globalBatchSize: perIteration },
    { fromSample: fromSample + samplesTaken, fromIteration: to + 1, globalBatchSize: sizeAfter },
    ...segments
      .filter((segment) => segment.fromIteration > to + 1)
      .map((segment) => ({ ...segment, fromSample: segment.fromSample + shift })),
  ];
};

/** The schedule of a phase in which `batchProblems` sees none. */
export const scheduleOf = ({
  globalBatchSize,
  rampUp,
  batchChanges = [],
  skipped = [],
}: PhaseDeclaration): Schedule => {
  let segments = rampUp
    ? rampUpSegments({ ...rampUp, globalBatchSize })
    : batchSegments([{ fromIteration: 0, globalBatchSize }, ...batchChanges]);
  for (const range of skipped) {
    if (range.convention === 'llm-jp') segments = withRange(segments, rangeOf(range), range.samplesTaken ?? 0);
  }
  return { segments, skipped: skipped.map(rangeOf) };
};

const skippedProblems = ({ skipped = [], iterations, rampUp }: PhaseDeclaration, at: string): Problem[] => {
  const problems: Problem[] = [];
  let after = -1;
  for (const [index, range] of skipped.entries()) {
    const path = `${at}.skipped[${index}]`;
    const { from, to } = rangeOf(range);
    const first = range.convention === 'upstream' ? 0 : 1;
    if (from <= after || to < from || to >= iterations) {
      const expected = `iterations from ${after + 1 + first} to ${iterations - 1 + first}, the lower one first`;
      problems.push({ path, found: `${range.from} to ${range.to}`, expected });
    }
    after = Math.max(after, to);
    if (range.convention === 'upstream') continue;
    if (range.samplesTaken === undefined) {
      const expected =
        'the number of samples that the loader gave during the range: --skip-train-iteration-range takes one ' +
        'micro-batch an iteration and advances no counter, so that without it no later iteration can be told';
      problems.push({ path: `${path}.samplesTaken`, found: 'nothing', expected });
    } else if (range.samplesTaken === 0 || range.samplesTaken % (to - from + 1) !== 0) {
      const expected = `a multiple of the range's ${to - from + 1} iterations`;
      problems.push({ path: `${path}.samplesTaken`, found: String(range.samplesTaken), expected });
    }
    const { resumedAt } = range;
    if (resumedAt === undefined) {
      const expected =
        'the iteration, from 1, at which the training was next resumed, or never: a resume reads on from the counter ' +
        'that the range held back';
      problems.push({ path: `${path}.resumedAt`, found: 'nothing', expected });
    } else if (resumedAt !== 'never' && resumedAt <= iterations) {
      const expected =
        `never, or an iteration after the phase's ${iterations}: from there on samples are read a second time, which ` +
        'a phase cannot say; only the iterations before it can be told';
      problems.push({ path: `${path}.resumedAt`, found: String(resumedAt), expected });
    }
    if (rampUp) {
      const expected = 'no rampUp in the same phase: its steps follow a counter that the range holds back';
      problems.push({ path, found: 'both', expected });
    }
  }
  return problems;
};

/** What does not fit in the batches that a phase declares. */
export const batchProblems = (declared: PhaseDeclaration, at: string): Problem[] => {
  const { rampUp, batchChanges = [], iterations, globalBatchSize } = declared;
  const problems: Problem[] = [];
  if (rampUp && batchChanges.length > 0) {
    problems.push({ path: `${at}.batchChanges`, found: 'both rampUp and batchChanges', expected: 'one of the two' });
  }
  if (rampUp && (rampUp.start > globalBatchSize || (globalBatchSize - rampUp.start) % rampUp.increment !== 0)) {
    problems.push({
      path: `${at}.rampUp`,
      found: `from ${rampUp.start} by ${rampUp.increment}`,
      expected: `steps that reach globalBatchSize ${globalBatchSize}`,
    });
  }
  for (const [index, { fromIteration }] of batchChanges.entries()) {
    const after = batchChanges[index - 1]?.fromIteration ?? 0;
    if (fromIteration > after && fromIteration < iterations) continue;
    const expected = `an iteration after ${after} and before ${iterations}`;
    problems.push({ path: `${at}.batchChanges[${index}].fromIteration`, found: String(fromIteration), expected });
  }
  return [...problems, ...skippedProblems(declared, at)];
};
