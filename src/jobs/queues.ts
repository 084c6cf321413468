import { z } from 'zod';

/** A queue's name, what its jobs carry, and how often one is tried. */
export interface QueueSpec<Payload> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** Runs that may fail with an error; a run cut off by the death of its process is counted apart. */
  readonly attempts: number;
  /** Pause before the second run, doubled for each further one. */
  readonly backoffMs: number;
}

/** Starts after which the queue gives a job up, whatever cut it off: it may be what kills the process. */
export const mostStarts = 6;

const id = z.string().min(2).max(64);
/** The record's attempt when the job was added: its runs count on from there, so that the fence never falls back. */
const after = z.int().nonnegative();

const generatePayload = z.strictObject({ answerId: id, after });
const searchPayload = z.strictObject({ searchId: id, after });
const indexPayload = z.strictObject({ corpus: z.string().min(1), after });

export type GeneratePayload = z.infer<typeof generatePayload>;
export type SearchPayload = z.infer<typeof searchPayload>;
export type IndexPayload = z.infer<typeof indexPayload>;

/** One queue a model, so that a model that is down or slow holds up nobody else's. */
export const generateQueue = (model: string): QueueSpec<GeneratePayload> => ({
  name: `generate-${model}`,
  payload: generatePayload,
  attempts: 3,
  backoffMs: 1_000,
});

export const searchQueue: QueueSpec<SearchPayload> = {
  name: 'search',
  payload: searchPayload,
  attempts: 3,
  backoffMs: 1_000,
};

export const indexQueue: QueueSpec<IndexPayload> = {
  name: 'index',
  payload: indexPayload,
  attempts: 3,
  backoffMs: 5_000,
};
