import type { EngineName } from '../../src/search/result.ts';
import type { ServedBy } from '../../src/store/admin-records.ts';

/** What `/tenkyo status` asks of the parts that know. Answers from memory where it can: somebody waits. */
export interface StatusSource {
  /** The configured models, those that an app answers with first. */
  models(): Promise<readonly ModelStatus[]>;
  corpora(): Promise<readonly CorpusStatus[]>;
  /** Processes that take jobs and gave a sign of life lately. */
  workers(): Promise<readonly WorkerStatus[]>;
  /** Whether the queues answer. */
  queues(): Promise<boolean>;
}

export interface WorkerStatus {
  readonly host: string;
  readonly pid: number;
  /** Models whose answers it writes. */
  readonly models: readonly string[];
  readonly search: boolean;
  readonly index: boolean;
}

export interface ModelStatus {
  readonly name: string;
  /** `partly`: on some of its servers; `idle`: it loads when it is first asked; `down`: nobody writes its answers. */
  readonly state: 'up' | 'partly' | 'starting' | 'idle' | 'down';
  /** Whether an app answers with it. */
  readonly listed: boolean;
  /** Different ones, of all workers that write its answers. */
  readonly servedBy: readonly ServedBy[];
  readonly running: number;
  readonly waiting: number;
  /** When the one was asked that waits longest, milliseconds since the epoch; null: none waits. */
  readonly oldestWaitingAt: number | null;
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
    | { readonly state: 'missing' }
    /** Its server is away, or it was made otherwise than is configured now. `code`: of the error. */
    | { readonly state: 'failed'; readonly code: string };
  readonly engines: Readonly<Record<EngineName, boolean>>;
}
