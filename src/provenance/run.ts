/** One training: what was read, in which order, in which batches. Every path absolute. */
export interface Run {
  readonly name: string;
  /** The run file, for messages. */
  readonly file: string;
  /** In the order declared. */
  readonly datasets: readonly Dataset[];
  /** In the order trained; their iterations don't overlap. At least one. */
  readonly phases: readonly Phase[];
  /** Data with no token files, read in phases whose order was not recorded. */
  readonly texts: readonly TextSource[];
  readonly unorderedPhases: readonly UnorderedPhase[];
  /** Folder or file of the tokenizer whose ids the token files hold; null: not declared. */
  readonly tokenizer: string | null;
}

/** One tokenised data set: `<prefix>.idx` and `<prefix>.bin`. */
export interface Dataset {
  /** The source's short name (`ja_wiki`), unique in the run. */
  readonly source: string;
  readonly prefix: string;
  /** The JSONL file that was tokenised: line k (from 0) is sequence k. null: not declared. */
  readonly corpus: string | null;
  /** What the run file says that the `.idx` must hold; null: not said. */
  readonly expected: { readonly documents: number | null; readonly tokens: number | null };
}

/** How the records of a corpus file are to be read: texts, instructions with answers, or choices between answers. */
export type TextFormat = 'text' | 'sft' | 'preference';

interface TextSource {
  /** Unique in the run, among the datasets too. */
  readonly source: string;
  readonly corpus: string;
  readonly format: TextFormat;
}

/** Post-training whose order was not recorded: what it read is known, its iterations are not and count nowhere. */
export interface UnorderedPhase {
  readonly name: string;
  /** `TextSource`s. */
  readonly sources: readonly string[];
}

/** A stretch of training with one data blend; its reading begins at position 0 of the blend. */
export interface Phase {
  readonly name: string;
  /** The run's iteration (0-based) that is this phase's first. */
  readonly iterationOffset: number;
  /** Iterations trained. */
  readonly iterations: number;
  /** In phase-relative samples and iterations; the first begins at 0, 0. At least one. */
  readonly segments: readonly BatchSegment[];
  /** Iterations (phase-relative) whose batch was loaded and thrown away. Ascending, apart from each other. */
  readonly skipped: readonly IterationRange[];
  /** Tokens of input in one sample. */
  readonly sequenceLength: number;
  readonly seed: number;
  /** In the order of Megatron's `--data-path`: the order numbers the blend's datasets. */
  readonly blend: readonly BlendPart[];
  readonly caches: CacheLocation;
}

export interface BlendPart {
  /** A `Dataset`'s source. */
  readonly source: string;
  /** null: Megatron weighed by size. */
  readonly weight: number | null;
}

/** From `fromSample` on, `globalBatchSize` samples an iteration. */
export interface BatchSegment {
  readonly fromSample: number;
  readonly fromIteration: number;
  readonly globalBatchSize: number;
}

/** 0-based, both ends included. */
export interface IterationRange {
  readonly from: number;
  readonly to: number;
}

/** Where Megatron's index caches lie, or how they are made anew. */
interface CacheLocation {
  /** null: where Megatron puts them without `--data-cache-path`, beside the data. */
  readonly directory: string | null;
  /** Hashes in the cache files' names; null: found by reading the descriptions. */
  readonly hashes: {
    /** null: no blend, the phase reads one dataset. */
    readonly blended: string | null;
    /** One a part of the blend, in its order. */
    readonly datasets: readonly string[];
  } | null;
  /** null: the files are there. */
  readonly reconstruct: Reconstruction | null;
}

/** How Megatron built the caches that are lost. */
export interface Reconstruction {
  /** The code's rule for sizes: Megatron core, or before it. */
  readonly rule: 'core' | 'legacy';
  /** `blend`: the datasets' own arrays are there. */
  readonly what: 'all' | 'blend';
  /** Samples that the training asked for: planned iterations × batch; decides epochs and the last epoch's shuffle. */
  readonly trainSamples: number;
  /** Megatron's `--split`: shares of the sequences for training, validation, test. */
  readonly split: readonly number[];
}

/** Iterations of the whole run; the last index, which people see as the denominator, is one less. */
export const iterationsOf = (run: Run): number =>
  Math.max(...run.phases.map(({ iterationOffset, iterations }) => iterationOffset + iterations));

/** Whether a phase threw the batch of its `iteration` (phase-relative) away. */
export const isSkipped = ({ skipped }: Phase, iteration: number): boolean =>
  skipped.some(({ from, to }) => from <= iteration && iteration <= to);
