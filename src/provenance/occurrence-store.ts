import type { DocumentRef } from '../corpus/document.ts';
import { TenkyoError } from '../errors.ts';
import { iterationAt } from './batches.ts';
import type { PhaseFiles, RunFiles } from './megatron/run-files.ts';
import type { Occurrence, OccurrenceStore, ReadingSummary } from './occurrence.ts';
import { isSkipped, iterationsOf, type Run } from './run.ts';
import type { Place } from './table/decode.ts';
import type { TableSource } from './table/layout.ts';
import type { Table } from './table/open-table.ts';
import type { Walk } from './walk.ts';

interface StoreParts {
  readonly files: RunFiles;
  readonly table: Table;
  readonly walk: Walk;
}

const unknownDocument = (run: Run, sources: readonly TableSource[], { source, sequence }: DocumentRef): TenkyoError => {
  const known = sources.find((candidate) => candidate.source === source);
  return new TenkyoError('not_found', `Run ${run.name} has no document ${sequence} of ${source}`, {
    where: run.file,
    expected: known
      ? `a sequence from 0 to ${known.documents - 1}`
      : `one of the sources ${[...sources, ...run.texts].map((candidate) => candidate.source).join(', ')}`,
    found: known ? String(sequence) : source,
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

/** A place's drawn samples as occurrences; `place` tells the passes over a document apart. */
const occurrencesAt = (
  run: string,
  { phase, positionOffset }: PhaseFiles,
  { positions, boundary, tokens, epoch }: Place,
): Occurrence[] => {
  const found: Occurrence[] = [];
  for (const [index, phasePosition] of positions.entries()) {
    if (phasePosition < 0) continue;
    const labelOnly = index === 0 && boundary === 0;
    const tokenStart = index === 0 ? 0 : boundary + (index - 1) * phase.sequenceLength;
    const iteration = iterationAt(phase.segments, phasePosition);
    found.push({
      run,
      phase: phase.name,
      position: positionOffset + phasePosition,
      phasePosition,
      iteration: phase.iterationOffset + iteration,
      epoch,
      tokenStart,
      tokenEnd: labelOnly ? 1 : Math.min(tokens, boundary + index * phase.sequenceLength),
      labelOnly,
      skipped: isSkipped(phase, iteration),
    });
  }
  return found;
};

/**
 * The occurrences of one run, from its table: a document costs two positioned reads, whatever the size of the run. What
 * an iteration read comes from the forward walk.
 */
export const createOccurrenceStore = ({ files, table, walk }: StoreParts): OccurrenceStore => {
  const { run, phases } = files;
  const { sources } = table.footer;
  const bySource = new Map(sources.map((source) => [source.source, source]));
  const lastIndex = iterationsOf(run) - 1;
  const unorderedPhase = (source: string): string | undefined =>
    run.unorderedPhases.find((phase) => phase.sources.includes(source))?.name;

  const sourceOf = ({ source, sequence }: DocumentRef): TableSource | null => {
    const found = bySource.get(source);
    return found && Number.isInteger(sequence) && sequence >= 0 && sequence < found.documents ? found : null;
  };
  /** One list a place. */
  const passesOf = async (source: TableSource, sequence: number): Promise<Occurrence[][]> =>
    (await table.places(source, sequence)).map((place) =>
      occurrencesAt(run.name, phases[source.parts[place.part]!.phase]!, place),
    );

  const summaryOf = async (document: DocumentRef): Promise<ReadingSummary> => {
    const source = sourceOf(document);
    if (!source) {
      const phase = unorderedPhase(document.source);
      return phase === undefined ? { state: 'unknown' } : { state: 'unknown', phase };
    }
    const read = new Set<number>();
    let timesRead = 0;
    for (const pass of await passesOf(source, document.sequence)) {
      const counted = pass.filter(({ labelOnly, skipped }) => !labelOnly && !skipped);
      if (counted.length > 0) timesRead += 1;
      for (const { iteration } of counted) read.add(iteration);
    }
    if (timesRead === 0) return { state: 'not_read', run: run.name, lastIndex };
    const iterations = [...read].sort((a, b) => a - b);
    const [first, last] = [iterations[0]!, iterations.at(-1)!];
    return { state: 'read', run: run.name, iterations, first, last, timesRead, lastIndex };
  };

  return {
    occurrences: async (document) => {
      const source = sourceOf(document);
      if (source) {
        const passes = await passesOf(source, document.sequence);
        return passes.flat().sort((a, b) => a.position - b.position);
      }
      if (unorderedPhase(document.source) !== undefined) return [];
      throw unknownDocument(run, sources, document);
    },
    summaries: (documents) => Promise.all(documents.map(summaryOf)),
    batch: async (iteration) => {
      const found = phases.find(
        ({ phase }) =>
          Number.isInteger(iteration) &&
          iteration >= phase.iterationOffset &&
          iteration < phase.iterationOffset + phase.iterations,
      );
      if (!found) throw unknownIteration(run, iteration);
      const { name, iterationOffset } = found.phase;
      return {
        run: run.name,
        phase: name,
        iteration,
        skipped: isSkipped(found.phase, iteration - iterationOffset),
        samples: await walk.batch(found, iteration - iterationOffset),
      };
    },
  };
};
