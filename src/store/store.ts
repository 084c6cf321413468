import type { GroundingRecord } from '../chat/grounding/grounding.ts';
import type { FinishReason, Usage } from '../generation/generator.ts';
import type { SearchResult } from '../search/result.ts';
import type { Quota } from './admin-records.ts';
import type {
  AuditRepository,
  ConfirmationsRepository,
  HiddenRepository,
  ProcessesRepository,
  SettingsRepository,
} from './admin-store.ts';
import type { ExportsRepository } from './export-records.ts';
import type {
  ComparisonsRepository,
  FeedbackRepository,
  FlagsRepository,
  PeopleRepository,
} from './feedback-records.ts';
import type { OpenLimits, OverLimit } from './limits.ts';
import type {
  Answer,
  AnswerPurpose,
  AnswerSettings,
  AttachedFile,
  Delivery,
  DeliveryKind,
  DeliveryStatus,
  FailureRecord,
  InboxKey,
  Place,
  SearchQuery,
  SearchRecord,
  ThreadSettings,
} from './records.ts';
import type { GivenTurn } from './turns.ts';

/** The records. One repository a table family; adapters: PGlite and PostgreSQL, by the same schema `tenkyo`. */
export interface Store {
  readonly answers: AnswersRepository;
  readonly searches: SearchesRepository;
  readonly deliveries: DeliveriesRepository;
  readonly inbox: InboxRepository;
  readonly settings: SettingsRepository;
  readonly hidden: HiddenRepository;
  readonly audit: AuditRepository;
  readonly confirmations: ConfirmationsRepository;
  readonly processes: ProcessesRepository;
  readonly feedback: FeedbackRepository;
  readonly flags: FlagsRepository;
  readonly comparisons: ComparisonsRepository;
  readonly people: PeopleRepository;
  readonly exports: ExportsRepository;
  readonly threads: ThreadsRepository;
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
  readonly files?: readonly AttachedFile[] | null;
}

export interface NewSearch extends Place {
  readonly user: string;
  readonly locale: 'ja' | 'en';
  readonly messageTs: string;
  readonly query: SearchQuery;
}

export type Outcome =
  | {
      readonly status: 'done';
      readonly text: string;
      readonly finish: FinishReason;
      readonly usage: Usage;
      readonly grounding?: GroundingRecord;
      readonly leftOut?: number;
      /** What of the files the model was given; left out: as they came. */
      readonly files?: readonly AttachedFile[];
    }
  | { readonly status: 'cancelled'; readonly text: string }
  | { readonly status: 'failed'; readonly text: string; readonly error: FailureRecord };

/** Opened once per event: the claim and the rows are one transaction, so nothing is claimed and then lost. */
export interface Opened {
  /** Same for the same event, whoever asks. */
  readonly id: string;
  /** False: this event had been claimed before; add no job. */
  readonly fresh: boolean;
}

export interface OpenedAnswer extends Opened {
  /** For its job; null: it needs none yet, since it waits for earlier answers of the person. */
  readonly turn: number | null;
  /** Not null: the event is claimed and nothing else was stored. */
  readonly over: OverLimit | null;
}

export interface InboxRepository {
  /** False: somebody has claimed it before. */
  claim(key: InboxKey): Promise<boolean>;
  /** What was claimed for came to nothing: it may be claimed again. */
  withdraw(key: InboxKey): Promise<void>;
  /**
   * Channels in which an announcement was begun (`done` false) or said. `ts`: `<text>.<its beginning>`.
   *
   * @param text a short name of what is said
   * @param since milliseconds since the epoch
   */
  announced(
    team: string,
    app: string,
    text: string,
    since: number,
  ): Promise<{ readonly channel: string; readonly ts: string; readonly done: boolean }[]>;
}

/** Where an answer stands among those of its model. */
export interface QueueStanding {
  /** Among those that wait, in the order of their turns; 1 is next. */
  readonly place: number;
  /** Earlier answers of the same person that it waits for; 0: it has its turn. */
  readonly own: number;
  /** Answers that are being written. */
  readonly running: number;
}

/** How fast a model has answered lately. */
export interface Pace {
  readonly tokensPerSecond: number;
  readonly secondsPerAnswer: number;
}

/** A model's open answers in numbers. */
export interface ModelWork {
  readonly model: string;
  readonly running: number;
  readonly waiting: number;
  /** When the one was asked that waits longest, milliseconds since the epoch; null: none waits. */
  readonly oldestWaitingAt: number | null;
}

/** Records of a kind in numbers. */
export interface WorkCounts {
  readonly queued: number;
  readonly running: number;
  readonly failedLastHour: number;
  /** When the one was opened that has waited longest, milliseconds since the epoch; null: none waits. */
  readonly oldestQueuedAt: number | null;
  /** Of the last hour's failures, by code, most frequent first. */
  readonly failures: readonly { readonly code: string; readonly count: number }[];
}

export interface AnswersRepository {
  /** Claims the event and stores the answer (queued) with its delivery (pending), if no limit is against it. */
  open(claim: InboxKey, answer: NewAnswer, limits?: OpenLimits): Promise<OpenedAnswer>;
  /** The same without a delivery: an answer that no message will show. */
  openUnsent(claim: InboxKey, answer: NewAnswer): Promise<Omit<OpenedAnswer, 'over'>>;
  get(id: string): Promise<Answer | null>;
  /** The answer that a Slack message shows, by any of its messages. */
  byMessage(team: string, channel: string, ts: string): Promise<Answer | null>;
  /** The conversation of an app in a thread, oldest first. */
  thread(place: Place): Promise<Answer[]>;
  /** An answer's whole conversation, itself among it, oldest first; empty: there is no such answer. */
  conversation(id: string): Promise<Answer[]>;
  /** What a person asked last in a channel, of whichever app. */
  lastOf(team: string, channel: string, user: string): Promise<Answer | null>;
  /** The app asked last in the thread, whichever it is. */
  lastApp(team: string, channel: string, threadTs: string): Promise<string | null>;
  /** queued|running → running, if no later attempt has begun. False: fenced, or final already. */
  start(id: string, attempt: number): Promise<boolean>;
  /** running → the outcome, if no later attempt has begun. False: fenced, or final already. */
  finish(id: string, attempt: number, outcome: Outcome): Promise<boolean>;
  /** Open answers without a sign of life since `before` (ms since the epoch), for the sweeper to add their job again. */
  openSince(before: number): Promise<Answer[]>;
  counts(): Promise<WorkCounts>;
  /** Of models that have open answers. */
  work(): Promise<ModelWork[]>;
  /**
   * Asks for the end of an answer: one that waits is cancelled at once, one that is being written by its worker.
   *
   * @returns what it was; null: there is no such open answer in this workspace
   */
  cancel(team: string, id: string): Promise<'queued' | 'running' | null>;
  /** An app's answers of a conversation to the message with this ts, oldest first. */
  ofQuestion(place: Omit<Place, 'threadTs'>, questionTs: string): Promise<Answer[]>;
  /** The person changed the question: one that waits is asked anew, one that has begun keeps it beside what it answers. */
  amend(id: string, question: string): Promise<'changed' | 'begun'>;
  /** The person deleted the question: no later prompt holds it. */
  withdraw(id: string): Promise<void>;
  /**
   * Gives the answers of a person that wait for earlier ones of theirs their turn.
   *
   * @param most that may be under way; null: any number
   */
  giveTurns(person: { readonly team: string; readonly user: string }, most: number | null): Promise<GivenTurn[]>;
  /** Those of the ids whose end was asked for. */
  cancelled(ids: readonly string[]): Promise<string[]>;
  /** Answers that wait or are being written, oldest first. */
  openOf(
    team: string,
    filter: { readonly user?: string; readonly model?: string },
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly answers: Answer[]; readonly total: number }>;
  /** What a person has used within 24 hours, and has open. */
  usedBy(team: string, user: string): Promise<Readonly<Record<keyof Quota, number>>>;
  /** Answers of the model that wait. */
  waitingFor(model: string): Promise<number>;
  /** null: the answer does not wait. */
  standing(id: string): Promise<QueueStanding | null>;
  /** Of the last answers; null: there are none. */
  pace(model: string): Promise<Pace | null>;
}

/** What people set for conversations. */
export interface ThreadsRepository {
  /** Empty: nothing is set. */
  settings(place: Place): Promise<ThreadSettings>;
  /** Takes the place of what was set before. */
  setSettings(place: Place, user: string, settings: ThreadSettings): Promise<void>;
}

export interface SearchesRepository {
  /** Claims the event and stores the search with its delivery; one of kind `find` is delivered by who asked for it. */
  open(claim: InboxKey, search: NewSearch): Promise<Opened>;
  get(id: string): Promise<SearchRecord | null>;
  /** The search whose result a Slack message shows. */
  byMessage(team: string, channel: string, ts: string): Promise<SearchRecord | null>;
  start(id: string, attempt: number): Promise<boolean>;
  finish(id: string, attempt: number, outcome: { result: SearchResult } | { error: FailureRecord }): Promise<boolean>;
  openSince(before: number): Promise<SearchRecord[]>;
  counts(): Promise<WorkCounts>;
}

/** A lease of one delivery; `fence` must still be the row's for any write to hold. */
export interface Lease {
  readonly delivery: Delivery;
  readonly fence: number;
}

export interface DeliveriesRepository {
  get(id: string): Promise<Delivery | null>;
  /**
   * Takes the lease when it is free or has run out; null otherwise, or when the delivery is final.
   *
   * @param of whose deliveries may be taken; absent: anybody's
   */
  lease(
    id: string,
    owner: string,
    forMs: number,
    of?: { readonly apps: readonly string[]; readonly kinds: readonly DeliveryKind[] },
  ): Promise<Lease | null>;
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
  /** Has finished deliveries made equal to their records again: those of searches that found the document. */
  showAgain(team: string, found: { readonly corpus: string; readonly documentId: string }): Promise<string[]>;
  /** Whether any delivery has this message (used to tell a lost first post from others). */
  hasMessage(team: string, channel: string, ts: string): Promise<boolean>;
}
