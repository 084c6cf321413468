import { TenkyoError } from '../../../src/errors.ts';
import { iterationAt } from '../../../src/provenance/batches.ts';
import type { PhaseFiles } from '../../../src/provenance/megatron/run-files.ts';
import type { Batch, Occurrence, OccurrenceStore, ReadingSummary, Sample } from '../../../src/provenance/occurrence.ts';
import type { OpenedRun } from '../../../src/provenance/open-run.ts';
import { isSkipped, iterationsOf } from '../../../src/provenance/run.ts';

interface Seen extends Occurrence {
  readonly source: string;
  readonly sequence: number;
  readonly place: number;
}

/** Every sample of a phase, from Megatron's arrays read whole, with its parts and their places. */
async function* samplesOf({ phase, positionOffset, samples, blend, datasets }: PhaseFiles) {
  const whole = ({ read, length }: { read(from: number, count: number): Promise<Float64Array>; length: number }) =>
    read(0, length);
  const arrays = await Promise.all(
    datasets.map(async ({ source, tokens, documentIndex, sampleIndex, shuffleIndex }) => {
      const documents = await whole(documentIndex);
      const perEpoch = new Set(documents).size;
      const lengths = await whole(tokens.lengths);
      return {
        source,
        lengths,
        documents,
        perEpoch,
        rows: await whole(sampleIndex),
        shuffle: await whole(shuffleIndex),
      };
    }),
  );
  const chosen = blend && (await whole(blend.datasetIndex));
  const draws = blend && (await whole(blend.datasetSampleIndex));
  for (let phasePosition = 0; phasePosition < samples; phasePosition += 1) {
    const { source, lengths, documents, perEpoch, rows, shuffle } = arrays[chosen?.[phasePosition] ?? 0]!;
    const sample = shuffle[draws?.[phasePosition] ?? phasePosition]!;
    const [firstPlace, firstOffset, lastPlace, lastOffset] = rows.slice(2 * sample, 2 * sample + 4);
    const iteration = iterationAt(phase.segments, phasePosition);
    const at = { phase: phase.name, position: positionOffset + phasePosition, phasePosition, source };
    const parts = [];
    for (let place = firstPlace!; place <= lastPlace!; place += 1) {
      const sequence = documents[place]!;
      const tokenStart = place === firstPlace ? firstOffset! : 0;
      const end = place === lastPlace ? lastOffset! : lengths[sequence]!;
      const labelOnly = place === lastPlace && end === 0;
      if (end <= tokenStart && !labelOnly) continue;
      const epoch = Math.floor(place / perEpoch);
      parts.push({ sequence, place, epoch, tokenStart, tokenEnd: labelOnly ? 1 : end, labelOnly });
    }
    yield { ...at, iteration: phase.iterationOffset + iteration, skipped: isSkipped(phase, iteration), parts };
  }
}

/** Every occurrence of a run in memory, found by walking all of its positions: slow, large, and hard to get wrong. */
export const storeInMemory = async ({ run, files, facts }: OpenedRun): Promise<OccurrenceStore> => {
  const lastIndex = iterationsOf(run) - 1;
  const keyOf = (source: string, sequence: number): string => `${source} ${sequence}`;
  const byDocument = new Map<string, Seen[]>();
  for (const { source, documents } of facts.sources) {
    for (let sequence = 0; sequence < documents; sequence += 1) byDocument.set(keyOf(source, sequence), []);
  }
  const batches = new Map<number, Batch>();
  for (const phase of files.phases) {
    for await (const { parts, ...at } of samplesOf(phase)) {
      const { phase: name, position, phasePosition, source, iteration, skipped } = at;
      const withoutPlace = parts.map(({ place: _place, ...part }) => part);
      const sample: Sample = { position, phasePosition, source, parts: withoutPlace };
      const before = batches.get(iteration)?.samples ?? [];
      batches.set(iteration, { run: run.name, phase: name, iteration, skipped, samples: [...before, sample] });
      for (const part of parts) {
        byDocument.get(keyOf(source, part.sequence))!.push({ run: run.name, ...at, ...part });
      }
    }
  }
  const notFound = (what: string): TenkyoError => new TenkyoError('not_found', what);
  const unordered = (source: string): string | undefined =>
    run.unorderedPhases.find(({ sources }) => sources.includes(source))?.name;

  return {
    occurrences: async ({ source, sequence }) => {
      const found = byDocument.get(keyOf(source, sequence)) ?? (unordered(source) === undefined ? null : []);
      if (!found) throw notFound(keyOf(source, sequence));
      return found.map(({ source: _source, sequence: _sequence, place: _place, ...occurrence }) => occurrence);
    },
    summaries: async (documents) =>
      documents.map(({ source, sequence }): ReadingSummary => {
        const phase = unordered(source);
        const found = byDocument.get(keyOf(source, sequence));
        if (!found) return phase === undefined ? { state: 'unknown' } : { state: 'unknown', phase };
        const counted = found.filter(({ labelOnly, skipped }) => !labelOnly && !skipped);
        const iterations = [...new Set(counted.map(({ iteration }) => iteration))];
        const [first, last] = [iterations[0], iterations.at(-1)];
        if (first === undefined || last === undefined) return { state: 'not_read', run: run.name, lastIndex };
        const timesRead = new Set(counted.map(({ phase: name, place }) => `${name} ${place}`)).size;
        return { state: 'read', run: run.name, iterations, first, last, timesRead, lastIndex };
      }),
    batch: async (iteration) => {
      const found = batches.get(iteration);
      if (!found) throw notFound(String(iteration));
      return found;
    },
  };
};
