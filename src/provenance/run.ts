/** One training: what was read, in which order, in which batches. Every path absolute. */
export interface Run {
  readonly name: string;
  /** The run file, for messages. */
  readonly file: string;
  /** In the order declared. */
  readonly datasets: readonly Dataset[];
  /** In the order trained; their iterations don't overlap. At least one. */
  readonly phases: readonly Phase[];
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

/** A stretch of training with one data blend; its reading begins at position 0 of the blend. */
export interface Phase {
  readonly name: string;
  /** The run's iteration (0-based) that is this phase's first. */
  readonly iterationOffset: number;
  /** Iterations trained. */
  readonly iterations: number;
  /** In phase-relative samples and iterations; the first begins at 0, 0. At least one. */
  readonly segments: readonly BatchSegment[];
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

/** Where Megatron's index caches lie. */
interface CacheLocation {
  readonly directory: string;
  /** Hashes in the cache files' names; null: found by reading the `description.txt` files. */
  readonly hashes: {
    /** null: no blend, the phase reads one dataset. */
    readonly blended: string | null;
    /** One a part of the blend, in its order. */
    readonly datasets: readonly string[];
  } | null;
}

/** Iterations of the whole run; the last index, which people see as the denominator, is one less. */
export const iterationsOf = (run: Run): number =>
  Math.max(...run.phases.map(({ iterationOffset, iterations }) => iterationOffset + iterations));
