/** Adds work to the queues. Payloads hold ids, not texts; adding the same id twice is one job. */
export interface Jobs {
  /** @param turn the record's: lower ones first, equal ones in the order of coming */
  addGenerate(model: string, answerId: string, turn: number): Promise<void>;
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
  /**
   * Rises on every start, stalls included, also when the job had to be added anew: the fence of the record's writes.
   * BullMQ's `attemptsStarted`, counted on from the record's own attempt.
   */
  readonly attempt: number;
  /** Whether the queue will not run it again after a failure: what went wrong must now be written down. */
  readonly lastAttempt: boolean;
  /** Aborts with a `TenkyoError` of code `cancelled`, `lock_lost` or `shutdown`. */
  readonly signal: AbortSignal;
}
