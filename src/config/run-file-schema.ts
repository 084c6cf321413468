import { z } from 'zod';

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const positive = z
  .int()
  .min(1)
  .max(2 ** 31);

const source = z.strictObject({
  name: z.string().min(1),
  /** Token files without `.idx` and `.bin`, relative to `dataDirectory`; what `dataPath` names. */
  prefix: z.string().min(1),
  /** The JSONL file that was tokenised, relative to `corpusDirectory`. */
  corpus: z.string().min(1).optional(),
  documents: count.optional(),
  tokens: count.optional(),
});

const phase = z.strictObject({
  name: z.string().min(1),
  /** The run's iteration that is this phase's first; default: the one after the phase before. */
  iterationOffset: count.optional(),
  iterations: positive,
  globalBatchSize: positive,
  /** Megatron's --rampup-batch-size. */
  rampUp: z.strictObject({ start: positive, increment: positive, samples: z.int().min(1).max(1e9) }).optional(),
  /** Batch sizes after a resume that changed them; iterations of this phase, from 0. */
  batchChanges: z.array(z.strictObject({ fromIteration: positive, globalBatchSize: positive })).optional(),
  sequenceLength: positive,
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  /** Megatron's --data-path: weight, prefix, weight, prefix …; or prefixes alone. */
  dataPath: z.array(z.union([z.string().min(1), z.number().positive()])).min(1),
  /** Megatron's --data-cache-path, relative to `dataDirectory`. */
  cachePath: z.string().min(1),
  /** Hashes in the cache files' names; default: found by reading the descriptions. */
  caches: z
    .strictObject({
      blended: z.string().min(1).optional(),
      datasets: z.array(z.strictObject({ dataset: z.string().min(1), hash: z.string().min(1) })).min(1),
    })
    .optional(),
});

/** A run file as it is written. Paths are relative to the file. */
export const runFile = z.strictObject({
  name: z.string().min(1),
  dataDirectory: z.string().min(1).default('.'),
  corpusDirectory: z.string().min(1).default('.'),
  sources: z.array(source).min(1),
  phases: z.array(phase).min(1),
});

export type RunFile = z.infer<typeof runFile>;
export type PhaseDeclaration = RunFile['phases'][number];
