import { z } from 'zod';

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const positive = z
  .int()
  .min(1)
  .max(2 ** 31);

const source = z.strictObject({
  name: z.string().min(1),
  /** Token files without `.idx` and `.bin`, relative to `dataDirectory`; what `dataPath` names. Without it: texts only. */
  prefix: z.string().min(1).optional(),
  /** The file that was tokenised, or read in a phase without an order; relative to `corpusDirectory`. */
  corpus: z.string().min(1).optional(),
  format: z.enum(['text', 'sft', 'preference']).optional(),
  documents: count.optional(),
  tokens: count.optional(),
});

/** Iterations whose batches were thrown away; both ends included. */
const skipped = z.discriminatedUnion('convention', [
  /** Upstream Megatron's --iterations-to-skip: 0-based, the batch is loaded and all counters advance. */
  z.strictObject({ convention: z.literal('upstream'), from: count, to: count }),
  /** LLM-jp's --skip-train-iteration-range: 1-based; the loader gives less than a batch and no counter advances. */
  z.strictObject({
    convention: z.literal('llm-jp'),
    from: positive,
    to: positive,
    samplesTaken: count.optional(),
    /** The first iteration (from 1) after the training was next resumed. */
    resumedAt: z.union([positive, z.literal('never')]).optional(),
  }),
]);

const orderedPhase = z.strictObject({
  /** Recorded in the index files. */
  order: z.undefined().optional(),
  name: z.string().min(1),
  /** The run's iteration that is this phase's first; default: the one after the phase before. */
  iterationOffset: count.optional(),
  iterations: positive,
  globalBatchSize: positive,
  /** Megatron's --rampup-batch-size. */
  rampUp: z.strictObject({ start: positive, increment: positive, samples: z.int().min(1).max(1e9) }).optional(),
  /** Batch sizes after a resume that changed them; iterations of this phase, from 0. */
  batchChanges: z.array(z.strictObject({ fromIteration: positive, globalBatchSize: positive })).optional(),
  skipped: z.array(skipped).optional(),
  /** Megatron's --dataloader-type. */
  dataloader: z.enum(['single', 'cyclic', 'external']).default('single'),
  sequenceLength: positive,
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  /** Megatron's --data-path: weight, prefix, weight, prefix …; or prefixes alone. */
  dataPath: z.array(z.union([z.string().min(1), z.number().positive()])).min(1),
  /** Megatron's --data-cache-path, relative to `dataDirectory`; default: beside the data, where Megatron puts them. */
  cachePath: z.string().min(1).optional(),
  /** Hashes in the cache files' names; default: found by reading the descriptions. */
  caches: z
    .strictObject({
      blended: z.string().min(1).optional(),
      datasets: z.array(z.strictObject({ dataset: z.string().min(1), hash: z.string().min(1) })).min(1),
    })
    .optional(),
  /** The caches are lost: make them anew by the rules of the code that trained. */
  reconstruct: z
    .strictObject({
      rule: z.enum(['core', 'legacy']),
      what: z.enum(['all', 'blend']).default('all'),
      /** Samples that the training asked for; default: those of this phase's iterations. */
      trainSamples: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
      /** Megatron's --split. */
      split: z.array(z.number().min(0)).min(1).max(3).default([1, 0, 0]),
    })
    .optional(),
});

/** Post-training whose order was not recorded: its iterations are unknown and count nowhere. */
const unorderedPhase = z.strictObject({
  name: z.string().min(1),
  order: z.literal('unknown'),
  sources: z.array(z.string().min(1)).min(1),
});

/** A run file as it is written. Paths are relative to the file. */
export const runFile = z.strictObject({
  name: z.string().min(1),
  dataDirectory: z.string().min(1).default('.'),
  corpusDirectory: z.string().min(1).default('.'),
  /** The tokenizer that made the token files; `verify` decodes with it. Relative to the run file. */
  tokenizer: z.string().min(1).optional(),
  sources: z.array(source).min(1),
  phases: z.array(z.discriminatedUnion('order', [orderedPhase, unorderedPhase])).min(1),
});

export type RunFile = z.infer<typeof runFile>;
export type PhaseDeclaration = z.infer<typeof orderedPhase>;

export const isOrdered = (phase: RunFile['phases'][number]): phase is PhaseDeclaration => phase.order === undefined;
