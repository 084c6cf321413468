import type { EngineName } from '../../src/search/result.ts';

/** What `/tenkyo status` asks of the parts that know. Answers from memory where it can: somebody waits. */
export interface StatusSource {
  models(): Promise<readonly ModelStatus[]>;
  corpora(): Promise<readonly CorpusStatus[]>;
  /** Processes that take jobs and gave a sign of life lately. */
  workers(): Promise<readonly WorkerStatus[]>;
}

export interface WorkerStatus {
  readonly host: string;
  readonly pid: number;
  readonly queues: readonly string[];
}

export interface ModelStatus {
  readonly name: string;
  readonly state: 'up' | 'starting' | 'down';
  /** Of recent answers; null: none yet. */
  readonly tokensPerSecond: number | null;
}

export interface CorpusStatus {
  readonly name: string;
  readonly index:
    | {
        readonly state: 'ready';
        readonly documents: number;
        readonly passages: number;
        /** ISO 8601. */
        readonly builtAt: string;
      }
    /** `total` 0: not known yet. */
    | { readonly state: 'building'; readonly done: number; readonly total: number }
    | { readonly state: 'missing' };
  readonly engines: Readonly<Record<EngineName, boolean>>;
}
