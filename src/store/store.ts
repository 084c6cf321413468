import type { FinishReason, Usage } from '../generation/generator.ts';
import type { SearchResult } from '../search/result.ts';
import type { ExportsRepository } from './export-records.ts';
import type {
  ComparisonsRepository,
  FeedbackRepository,
  FlagsRepository,
  PeopleRepository,
} from './feedback-records.ts';
import type {
  Answer,
  AnswerPurpose,
  AnswerSettings,
  Delivery,
  DeliveryStatus,
  FailureRecord,
  InboxKey,
  Place,
  SearchQuery,
  SearchRecord,
} from './records.ts';

/** The records. One repository a table family; adapters: PGlite and PostgreSQL, by the same schema `tenkyo`. */
export interface Store {
  readonly answers: AnswersRepository;
  readonly searches: SearchesRepository;
  readonly deliveries: DeliveriesRepository;
  readonly feedback: FeedbackRepository;
  readonly flags: FlagsRepository;
  readonly comparisons: ComparisonsRepository;
  readonly people: PeopleRepository;
  readonly exports: ExportsRepository;
  close(): Promise<void>;
}

export interface NewAnswer extends Place {
  readonly model: string;
  readonly user: string;
  readonly locale: 'ja' | 'en';
  readonly questionTs: string;
  readonly question: string;
  readonly settings?: AnswerSettings | null;
  readonly purpose?: AnswerPurpose;
}

export interface NewSearch extends Place {
  readonly user: string;
  readonly locale: 'ja' | 'en';
  readonly messageTs: string;
  readonly query: SearchQuery;
}

export type Outcome =
  | { readonly status: 'done'; readonly text: string; readonly finish: FinishReason; readonly usage: Usage }
  | { readonly status: 'cancelled'; readonly text: string }
  | { readonly status: 'failed'; readonly text: string; readonly error: FailureRecord };

/** Opened once per event: the claim and the rows are one transaction, so nothing is claimed and then lost. */
export interface Opened {
  /** Same for the same event, whoever asks. */
  readonly id: string;
  /** False: this event had been claimed before; add no job. */
  readonly fresh: boolean;
}

export interface AnswersRepository {
  /** Claims the event and stores the answer (queued) with its delivery (pending). */
  open(claim: InboxKey, answer: NewAnswer): Promise<Opened>;
  /** The same without a delivery: an answer that no message will show. */
  openUnsent(claim: InboxKey, answer: NewAnswer): Promise<Opened>;
  get(id: string): Promise<Answer | null>;
  /** The answer that a Slack message shows, by any of its messages. */
  byMessage(team: string, channel: string, ts: string): Promise<Answer | null>;
  /** The conversation of an app in a thread, oldest first. */
  thread(place: Place): Promise<Answer[]>;
  /** The app asked last in the thread, whichever it is. */
  lastApp(team: string, channel: string, threadTs: string): Promise<string | null>;
  /** queued|running → running, if no later attempt has begun. False: fenced, or final already. */
  start(id: string, attempt: number): Promise<boolean>;
  /** running → the outcome, if no later attempt has begun. False: fenced, or final already. */
  finish(id: string, attempt: number, outcome: Outcome): Promise<boolean>;
  /** Open answers without a sign of life since `before` (ms since the epoch), for the sweeper to add their job again. */
  openSince(before: number): Promise<Answer[]>;
  counts(): Promise<{ queued: number; running: number; failedLastHour: number }>;
}

export interface SearchesRepository {
  open(claim: InboxKey, search: NewSearch): Promise<Opened>;
  get(id: string): Promise<SearchRecord | null>;
  /** The search whose result a Slack message shows. */
  byMessage(team: string, channel: string, ts: string): Promise<SearchRecord | null>;
  start(id: string, attempt: number): Promise<boolean>;
  finish(id: string, attempt: number, outcome: { result: SearchResult } | { error: FailureRecord }): Promise<boolean>;
  openSince(before: number): Promise<SearchRecord[]>;
  counts(): Promise<{ queued: number; running: number; failedLastHour: number }>;
}

/** A lease of one delivery; `fence` must still be the row's for any write to hold. */
export interface Lease {
  readonly delivery: Delivery;
  readonly fence: number;
}

export interface DeliveriesRepository {
  get(id: string): Promise<Delivery | null>;
  /** Takes the lease when it is free or has run out; null otherwise, or when the delivery is final. */
  lease(id: string, owner: string, forMs: number): Promise<Lease | null>;
  /** False: somebody else has it. */
  renew(id: string, fence: number, forMs: number): Promise<boolean>;
  /** Writes what is shown; false: fenced. */
  update(
    id: string,
    fence: number,
    change: Partial<Pick<Delivery, 'messages' | 'nativeStream' | 'shownAttempt' | 'shownSeq' | 'failure'>> & {
      status?: DeliveryStatus;
    },
  ): Promise<boolean>;
  release(id: string, fence: number): Promise<void>;
  /** Ids of unfinished deliveries of these apps that nobody holds. */
  unheld(apps: readonly string[]): Promise<string[]>;
  /** Whether any delivery has this message (used to tell a lost first post from others). */
  hasMessage(team: string, channel: string, ts: string): Promise<boolean>;
}
