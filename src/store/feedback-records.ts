import type { OpenLimits, OverLimit } from './limits.ts';
import type { AnswerSettings, Locale, Place } from './records.ts';

/** Why an answer was bad, as people tick it. */
export const feedbackTags = ['wrong_fact', 'off_topic', 'unnatural', 'unsafe', 'repeats', 'other'] as const;
export type FeedbackTag = (typeof feedbackTags)[number];

export type Verdict = 'up' | 'down';

/** What one person thinks of one answer; a second opinion of theirs replaces the first. */
export interface Feedback {
  readonly team: string;
  readonly answerId: string;
  readonly user: string;
  readonly verdict: Verdict;
  readonly tags: readonly FeedbackTag[];
  readonly comment: string;
  /** The answer as it should have been; empty: none was given. */
  readonly better: string;
}

interface VerdictCounts {
  readonly up: number;
  readonly down: number;
}

export interface FeedbackRepository {
  get(team: string, answerId: string, user: string): Promise<Feedback | null>;
  save(feedback: Feedback): Promise<void>;
  /** By model, most first; of one person where `user` is given. */
  counts(of: { team: string; user?: string }): Promise<({ readonly model: string } & VerdictCounts)[]>;
}

/** What one person thinks of one passage that a search showed. */
export interface Flag {
  readonly team: string;
  readonly searchId: string;
  readonly rank: number;
  readonly user: string;
  readonly verdict: 'good' | 'bad' | null;
  /** What is wrong with the passage itself, in the person's words; null: not reported. */
  readonly report: string | null;
  readonly corpus: string;
  readonly documentId: string;
  readonly passageId: string;
}

export interface FlagsRepository {
  get(key: Pick<Flag, 'team' | 'searchId' | 'rank' | 'user'>): Promise<Flag | null>;
  /** Keeps what is not in the change. */
  save(
    flag: Omit<Flag, 'verdict' | 'report'> & { readonly verdict?: Flag['verdict']; readonly report?: string },
  ): Promise<void>;
}

/** One side of a comparison: a model, and how it is asked. */
export interface Entrant {
  /** As the table of results calls it; two comparisons with the same name are of the same entrant. */
  readonly name: string;
  readonly model: string;
  readonly settings: AnswerSettings;
}

/** `continuation`: the models go on with the text; no template, no instruction. */
export type ComparisonMode = 'chat' | 'continuation';

/** Two answers to one question, judged blind. */
export interface Comparison extends Place {
  readonly id: string;
  readonly user: string;
  readonly locale: Locale;
  readonly mode: ComparisonMode;
  readonly question: string;
  readonly first: Entrant;
  readonly second: Entrant;
  readonly firstAnswer: string;
  readonly secondAnswer: string;
  readonly createdAt: number;
}

export type Winner = 'first' | 'second' | 'tie' | 'both_bad';

export interface Vote {
  readonly team: string;
  readonly comparisonId: string;
  readonly user: string;
  readonly winner: Winner;
  /** Whether the person saw the second answer as A. */
  readonly swapped: boolean;
}

/** A vote with the names of who stood against whom. */
interface JudgedPair {
  readonly comparisonId: string;
  readonly first: string;
  readonly second: string;
  readonly winner: Winner;
}

export type NewComparison = Omit<Comparison, 'id' | 'createdAt' | 'firstAnswer' | 'secondAnswer'> & {
  /** The message that it was asked in. */
  readonly questionTs: string;
};

interface OpenedComparison {
  readonly fresh: boolean;
  readonly comparison: Comparison;
  /** Of the first and the second answer, for their jobs. */
  readonly turns: readonly [number, number];
  /** Not null: the event is claimed and nothing else was stored. */
  readonly over: OverLimit | null;
}

export interface ComparisonsRepository {
  /** Claims the event and stores the comparison, both its answers (queued) and its delivery, if no limit is against it. */
  open(
    key: { readonly team: string; readonly app: string; readonly channel: string; readonly ts: string },
    comparison: NewComparison,
    limits?: OpenLimits,
  ): Promise<OpenedComparison>;
  get(id: string): Promise<Comparison | null>;
  /** The newest of a workspace. */
  recent(team: string, most: number): Promise<Comparison[]>;
  /** Votes so far. */
  tally(comparisonId: string): Promise<Readonly<Record<Winner, number>>>;
  /** The first vote of a person stands: the names were shown after it. False: there was one. */
  vote(vote: Vote): Promise<boolean>;
  voteOf(team: string, comparisonId: string, user: string): Promise<Vote | null>;
  /** Every vote of a workspace (null: of all), oldest first. */
  judged(team: string | null): Promise<JudgedPair[]>;
}

/** What is kept of one person. */
export interface PersonalCounts {
  readonly answers: number;
  readonly searches: number;
  readonly feedback: number;
  readonly flags: number;
  readonly comparisons: number;
  readonly votes: number;
}

export interface PeopleRepository {
  /** True the first time for a person: the notice is to be shown now. */
  noticeOnce(team: string, user: string): Promise<boolean>;
  counts(team: string, user: string): Promise<PersonalCounts>;
  /** Removes what the person asked, said and started, and what others said of it. */
  forget(team: string, user: string): Promise<PersonalCounts>;
}
