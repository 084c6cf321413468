import type { ErrorCode } from '../../errors.ts';
import type { KeywordIndex, SpanIndex, VectorIndex } from '../ports.ts';
import type { OpenEnginesOptions } from './open-engines.ts';

/** What the reader thread can be asked: the methods of the engines, and to end. */
export interface ReaderMethods {
  open(options: OpenEnginesOptions): Promise<{ vectors: boolean }>;
  keyword: KeywordIndex['search'];
  vector: VectorIndex['search'];
  maximal: SpanIndex['maximal'];
  occurrences: SpanIndex['occurrences'];
}

export type ReaderMethod = keyof ReaderMethods;

/** To the thread. A signal can't be sent: `abort` names the request that is no longer wanted. */
export type ReaderRequest =
  | { readonly type: 'ask'; readonly id: number; readonly method: ReaderMethod; readonly args: readonly unknown[] }
  | { readonly type: 'abort'; readonly id: number };

/** An error as plain data. */
export interface ReaderFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly remedy?: string;
}

export type ReaderReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: ReaderFault };
