import type { GroundingRecord } from '../chat/grounding/grounding.ts';
import type { FinishReason, Usage } from '../generation/generator.ts';
import type { SearchResult } from '../search/result.ts';

/** Where in Slack something stands. Every key carries the team from day one. */
export interface Place {
  readonly team: string;
  /** Name of the app of ours that answers. */
  readonly app: string;
  readonly channel: string;
  /** The thread to answer in: the message's own ts when it starts one. */
  readonly threadTs: string;
}

/** A Slack event, once: unique by all five. */
export interface InboxKey {
  readonly team: string;
  readonly app: string;
  readonly channel: string;
  readonly ts: string;
  /**
   * `find`: a search whose result one person sees; `told`: something said once; `announcing` and `announced`: before and
   * after an announcement is said in a channel.
   */
  readonly kind: 'question' | 'search' | 'retry' | 'comparison' | 'find' | 'told' | 'announcing' | 'announced';
}

export type Locale = 'ja' | 'en';

export type AnswerStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** How a model is asked, where it is not as its configuration says. */
export interface AnswerSettings {
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly system?: string;
  /** The model goes on with the text: no template, no earlier turns. */
  readonly continuation?: boolean;
  /** It answers from the corpus alone, with citations. */
  readonly grounded?: boolean;
  /** Of a grounded answer: the corpora that may be shown where it was asked. */
  readonly corpora?: readonly string[];
}

/** What people set for a thread; left out: as the model is configured. */
export type ThreadSettings = Pick<AnswerSettings, 'temperature' | 'topP' | 'maxTokens' | 'seed' | 'system'>;

/** A file that came with a question, as text. */
export interface AttachedFile {
  readonly name: string;
  readonly text: string;
  /** Its end was left out. */
  readonly cut: boolean;
}

/** What an answer was made for: a conversation, one side of a comparison, a set of questions. */
export type AnswerPurpose = 'chat' | 'comparison' | 'eval';

/** A question and its answer. After `open`, written only by the worker, `where attempt <= mine`. */
export interface Answer extends Place {
  readonly id: string;
  readonly model: string;
  readonly user: string;
  readonly locale: Locale;
  readonly questionTs: string;
  readonly question: string;
  readonly status: AnswerStatus;
  readonly attempt: number;
  readonly text: string;
  readonly finish: FinishReason | null;
  readonly usage: Usage | null;
  readonly error: FailureRecord | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly finishedAt: number | null;
  /** Absent or null: as the model is configured. */
  readonly settings?: AnswerSettings | null;
  /** Absent: a conversation. */
  readonly purpose?: AnswerPurpose;
  /** Of a grounded answer that is done; else absent or null. */
  readonly grounding?: GroundingRecord | null;
  /** Earlier turns that the prompt had no room for, where that is to be said: with the first such answer of a thread. */
  readonly leftOut?: number;
  /** What the question became after its answer had begun; else absent or null. */
  readonly edited?: string | null;
  /** When the question was deleted, milliseconds since the epoch; else absent or null. */
  readonly withdrawnAt?: number | null;
  /** What came with the question; absent or null: nothing. */
  readonly files?: readonly AttachedFile[] | null;
  /** In its model's queue, lowest first; null: it waits for earlier ones of the same person, and has no job yet. */
  readonly turn?: number | null;
}

/** What a person is told and the log has too. */
export interface FailureRecord {
  readonly code: string;
  /** Short id that stands in the message and in the log. */
  readonly id: string;
}

/** A 🔍. After `open`, written only by the worker. */
export interface SearchRecord extends Place {
  readonly id: string;
  readonly user: string;
  readonly locale: Locale;
  /** The message that was asked about. */
  readonly messageTs: string;
  readonly query: SearchQuery;
  readonly status: AnswerStatus;
  readonly attempt: number;
  readonly result: SearchResult | null;
  readonly error: FailureRecord | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

export interface SearchQuery {
  /** The message asked about. */
  readonly text: string;
  /** The question it answered, when it was an answer of ours. */
  readonly question: string | null;
  /** The model that wrote it; null for a person's message. */
  readonly model: string | null;
  /** Corpora that may be shown where it was asked; left out: all. */
  readonly corpora?: readonly string[];
}

export type DeliveryKind = 'answer' | 'search' | 'comparison';
export type DeliveryStatus = 'pending' | 'streaming' | 'delivered' | 'failed';

/** The way of one answer, search or comparison into Slack; written only by the pump that holds the lease. */
export interface Delivery extends Place {
  /** The id of the answer, search or comparison. */
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly status: DeliveryStatus;
  /** The messages it became, first to last. */
  readonly messages: readonly string[];
  /** Posted with chat.startStream and not yet stopped. */
  readonly nativeStream: boolean;
  /** Attempt and feed sequence that the messages show. */
  readonly shownAttempt: number;
  readonly shownSeq: number;
  readonly leaseOwner: string | null;
  readonly leaseUntil: number;
  /** Rises with each change of owner; a pump checks its own before each Slack write. */
  readonly fence: number;
  readonly failure: string | null;
}
