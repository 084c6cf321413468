import type { RunOrder } from './megatron/phase-order.ts';
import { createOccurrenceStore } from './open-run.ts';
import { iterationsOf } from './run.ts';

/** What a run is made of, counted from its own index files. */
export interface RunDescription {
  readonly name: string;
  readonly file: string;
  readonly iterations: number;
  /** Samples drawn. */
  readonly samples: number;
  /** Tokens taken as input: samples × sequence length, over the phases. */
  readonly inputTokens: number;
  readonly phases: readonly PhaseDescription[];
  readonly sources: readonly SourceDescription[];
}

interface PhaseDescription {
  readonly name: string;
  /** 0-based, in the whole run. */
  readonly firstIteration: number;
  readonly lastIteration: number;
  readonly samples: number;
  readonly sequenceLength: number;
  /** Samples an iteration, in the order of the batch segments. */
  readonly globalBatchSizes: readonly number[];
  readonly blend: readonly PhaseSource[];
}

interface PhaseSource {
  readonly source: string;
  /** null: by size. */
  readonly weight: number | null;
  readonly samplesDrawn: number;
  /** Data set sizes of tokens drawn: samples × sequence length / tokens. */
  readonly epochs: number;
}

interface SourceDescription {
  readonly source: string;
  readonly documents: number;
  readonly tokens: number;
  /** Documents in no drawn sample. */
  readonly neverRead: number;
}

const describePhase = ({ phase, samples, blend, datasets }: RunOrder['phases'][number], order: RunOrder) => {
  const drawn = new Float64Array(datasets.length);
  for (let position = 0; position < samples; position += 1) drawn[blend ? blend.datasetIndex[position]! : 0]! += 1;
  return {
    name: phase.name,
    firstIteration: phase.iterationOffset,
    lastIteration: phase.iterationOffset + phase.iterations - 1,
    samples,
    sequenceLength: phase.sequenceLength,
    globalBatchSizes: phase.segments.map(({ globalBatchSize }) => globalBatchSize),
    blend: phase.blend.map(({ source, weight }, ordinal) => ({
      source,
      weight,
      samplesDrawn: drawn[ordinal]!,
      epochs: (drawn[ordinal]! * phase.sequenceLength) / Math.max(1, order.tokenIndexes.get(source)!.tokens),
    })),
  };
};

/** Documents looked up at once. */
const batch = 10_000;

/** Counts what a run is made of; looks every document up once. */
export const describeRun = async (order: RunOrder): Promise<RunDescription> => {
  const { run, tokenIndexes } = order;
  const store = createOccurrenceStore(order);
  const phases = order.phases.map((phase) => describePhase(phase, order));
  const sources: SourceDescription[] = [];
  for (const [source, { lengths, tokens }] of tokenIndexes) {
    let neverRead = 0;
    for (let from = 0; from < lengths.length; from += batch) {
      const documents = Array.from({ length: Math.min(batch, lengths.length - from) }, (_, index) => ({
        source,
        sequence: from + index,
      }));
      neverRead += (await store.summaries(documents)).filter(({ state }) => state !== 'read').length;
    }
    sources.push({ source, documents: lengths.length, tokens, neverRead });
  }
  return {
    name: run.name,
    file: run.file,
    iterations: iterationsOf(run),
    samples: phases.reduce((sum, { samples }) => sum + samples, 0),
    inputTokens: phases.reduce((sum, { samples, sequenceLength }) => sum + samples * sequenceLength, 0),
    phases,
    sources,
  };
};
