import type { PhaseFiles } from './megatron/run-files.ts';
import type { OpenedRun } from './open-run.ts';
import { iterationsOf, type TextFormat, type UnorderedPhase } from './run.ts';

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
  /** Phases whose order was not recorded, and their data. */
  readonly unorderedPhases: readonly UnorderedPhase[];
  readonly texts: readonly { readonly source: string; readonly format: TextFormat }[];
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
  /** Iterations whose batch was loaded and thrown away. */
  readonly skippedIterations: number;
  /** Index caches that were made anew from seed and lengths: none, those of the blend, or all of them. */
  readonly reconstructed: 'nothing' | 'blend' | 'all';
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
  /** Data set sizes of tokens drawn, over the phases. */
  readonly epochs: number;
  /** Documents in no drawn sample. */
  readonly neverRead: number;
}

/** Counts what a run is made of. */
export const describeRun = ({ run, files, facts }: OpenedRun): RunDescription => {
  const epochsOf = (source: string, phase: number, ordinal: number): { samplesDrawn: number; epochs: number } => {
    const { parts, tokens } = facts.sources.find((candidate) => candidate.source === source)!;
    const { samplesDrawn } = parts.find((part) => part.phase === phase && part.ordinal === ordinal)!;
    const { sequenceLength } = run.phases[phase]!;
    return { samplesDrawn, epochs: (samplesDrawn * sequenceLength) / Math.max(1, tokens) };
  };
  const describePhase = ({ phase, samples }: PhaseFiles, index: number): PhaseDescription => ({
    name: phase.name,
    firstIteration: phase.iterationOffset,
    lastIteration: phase.iterationOffset + phase.iterations - 1,
    samples,
    sequenceLength: phase.sequenceLength,
    globalBatchSizes: phase.segments.map(({ globalBatchSize }) => globalBatchSize),
    skippedIterations: phase.skipped.reduce((sum, { from, to }) => sum + to - from + 1, 0),
    reconstructed: phase.caches.reconstruct?.what ?? 'nothing',
    blend: phase.blend.map(({ source, weight }, ordinal) => ({ source, weight, ...epochsOf(source, index, ordinal) })),
  });
  const phases = files.phases.map(describePhase);
  return {
    name: run.name,
    file: run.file,
    iterations: iterationsOf(run),
    samples: phases.reduce((sum, { samples }) => sum + samples, 0),
    inputTokens: phases.reduce((sum, { samples, sequenceLength }) => sum + samples * sequenceLength, 0),
    phases,
    sources: facts.sources.map(({ source, documents, tokens, neverRead, parts }) => ({
      source,
      documents,
      tokens,
      epochs: parts.reduce((sum, { phase, ordinal }) => sum + epochsOf(source, phase, ordinal).epochs, 0),
      neverRead,
    })),
    unorderedPhases: run.unorderedPhases,
    texts: run.texts.map(({ source, format }) => ({ source, format })),
  };
};
