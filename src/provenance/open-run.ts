import type { DocumentRef } from '../corpus/document.ts';
import { TenkyoError } from '../errors.ts';
import { samplesBefore } from './batches.ts';
import { type InverseOrder, invertPhase, type Visit } from './inverse.ts';
import { type PhaseOrder, type RunOrder, readRunOrder } from './megatron/phase-order.ts';
import type { Occurrence, OccurrenceStore, ReadingSummary } from './occurrence.ts';
import { iterationsOf, type Run } from './run.ts';
import { sampleAt } from './walk.ts';

interface InvertedPhase {
  readonly order: PhaseOrder;
  readonly datasets: readonly InverseOrder[];
}

const unknownDocument = ({ run, tokenIndexes }: RunOrder, { source, sequence }: DocumentRef): TenkyoError => {
  const index = tokenIndexes.get(source);
  return new TenkyoError('not_found', `Run ${run.name} has no document ${sequence} of ${source}`, {
    where: run.file,
    expected: index
      ? `a sequence from 0 to ${index.lengths.length - 1}`
      : `one of the sources ${[...tokenIndexes.keys()].join(', ')}`,
    found: index ? String(sequence) : source,
    remedy: 'Check that the corpus is the one that this run was trained on.',
  });
};

const unknownIteration = (run: Run, iteration: number): TenkyoError =>
  new TenkyoError('not_found', `Run ${run.name} has no iteration ${iteration}`, {
    where: run.file,
    expected: run.phases
      .map(
        ({ name, iterationOffset, iterations }) => `${iterationOffset}–${iterationOffset + iterations - 1} (${name})`,
      )
      .join(', '),
    found: String(iteration),
    remedy: 'Iterations count from 0.',
  });

/** An occurrence store in memory, from arrays that have been read and checked. */
export const createOccurrenceStore = (order: RunOrder): OccurrenceStore => {
  const { run, tokenIndexes } = order;
  const lastIndex = iterationsOf(run) - 1;
  const phases: InvertedPhase[] = order.phases.map((phase) => ({ order: phase, datasets: invertPhase(phase) }));

  const knows = ({ source, sequence }: DocumentRef): boolean => {
    const documents = tokenIndexes.get(source)?.lengths.length ?? 0;
    return Number.isInteger(sequence) && sequence >= 0 && sequence < documents;
  };

  const forEach = (
    { source, sequence }: DocumentRef,
    each: (visit: Visit, dataset: InverseOrder, phase: PhaseOrder) => void,
  ): void => {
    for (const { order: phase, datasets } of phases) {
      for (const dataset of datasets) {
        if (dataset.source === source) dataset.forEach(sequence, (visit) => each(visit, dataset, phase));
      }
    }
  };

  const occurrencesOf = (document: DocumentRef): Occurrence[] => {
    if (!knows(document)) throw unknownDocument(order, document);
    const found: Occurrence[] = [];
    forEach(document, ({ phasePosition, iteration, place, ...range }, { sequencesPerEpoch }, phase) => {
      found.push({
        run: run.name,
        phase: phase.phase.name,
        position: phase.positionOffset + phasePosition,
        phasePosition,
        iteration: phase.phase.iterationOffset + iteration,
        epoch: Math.floor(place / sequencesPerEpoch),
        ...range,
      });
    });
    return found.sort((a, b) => a.position - b.position);
  };

  const summaryOf = (document: DocumentRef): ReadingSummary => {
    if (!knows(document)) return { state: 'unknown' };
    const read = new Set<number>();
    let timesRead = 0;
    let dataset: InverseOrder | null = null;
    let place = -1;
    forEach(document, (visit, from, { phase }) => {
      if (visit.labelOnly) return;
      read.add(phase.iterationOffset + visit.iteration);
      // The samples of one pass come one after the other.
      if (dataset !== from || place !== visit.place) timesRead += 1;
      dataset = from;
      place = visit.place;
    });
    if (timesRead === 0) return { state: 'not_read', run: run.name, lastIndex };
    const iterations = [...read].sort((a, b) => a - b);
    const [first, last] = [iterations[0]!, iterations.at(-1)!];
    return { state: 'read', run: run.name, iterations, first, last, timesRead, lastIndex };
  };

  return {
    occurrences: async (document) => occurrencesOf(document),
    summaries: async (documents) => documents.map(summaryOf),
    batch: async (iteration) => {
      const found = order.phases.find(
        ({ phase }) =>
          Number.isInteger(iteration) &&
          iteration >= phase.iterationOffset &&
          iteration < phase.iterationOffset + phase.iterations,
      );
      if (!found) throw unknownIteration(run, iteration);
      const { phase } = found;
      const from = samplesBefore(phase.segments, iteration - phase.iterationOffset);
      const to = samplesBefore(phase.segments, iteration - phase.iterationOffset + 1);
      const samples = Array.from({ length: to - from }, (_, index) => sampleAt(found, from + index));
      return { run: run.name, phase: phase.name, iteration, samples };
    },
  };
};

/**
 * Reads a run's index files and turns them around.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt` or `config_invalid`
 */
export const openRun = async (run: Run): Promise<OccurrenceStore> => createOccurrenceStore(await readRunOrder(run));
