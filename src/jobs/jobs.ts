/** Adds work to the queues. Payloads hold ids, not texts; adding the same id twice is one job. */
export interface Jobs {
  addGenerate(model: string, answerId: string): Promise<void>;
  addSearch(searchId: string): Promise<void>;
  addIndex(corpus: string): Promise<void>;
  counts(): Promise<QueueCounts[]>;
  close(): Promise<void>;
}

export interface QueueCounts {
  /** `generate-<model>`, `search`, `index`. */
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

/** What a worker's function gets of a job. */
export interface JobRun {
  /** BullMQ's `attemptsStarted`: rises on every start, stalls included. The fence of the record's writes. */
  readonly attempt: number;
  /** Aborts on cancel, lost lock or shutdown; the reason is a `TenkyoError`. */
  readonly signal: AbortSignal;
}
