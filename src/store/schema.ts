import type { ColumnType, Generated } from 'kysely';
import type { GroundingRecord } from '../chat/grounding/grounding.ts';
import type { FinishReason, Usage } from '../generation/generator.ts';
import type { SearchResult } from '../search/result.ts';
import type { Confirmation, NewAuditEntry, ProcessFacts, Setting, SettingKind } from './admin-records.ts';
import type { ComparisonMode, Entrant, FeedbackTag, Flag, Verdict, Winner } from './feedback-records.ts';
import type {
  AnswerPurpose,
  AnswerSettings,
  AnswerStatus,
  AttachedFile,
  DeliveryKind,
  DeliveryStatus,
  FailureRecord,
  Locale,
  SearchQuery,
  ThreadSettings,
} from './records.ts';

/** The one schema of ours; BullMQ has its own beside it, so no statement may leave the name out. */
export const schemaName = 'tenkyo';

/** A `bigint`: PGlite gives a number, node-postgres text. Read with `Number`; all of ours stay below 2^53. */
type Milliseconds = number | string;
/** `jsonb`: an object when read, JSON text when written; may be left out of an insert. */
type Json<T> = ColumnType<T, string | null | undefined, string | null>;

interface PlaceColumns {
  team: string;
  app: string;
  channel: string;
  thread_ts: string;
}

interface InboxTable {
  team: string;
  app: string;
  channel: string;
  ts: string;
  kind: string;
  record_id: string;
  claimed_at: Milliseconds;
}

interface WorkColumns extends PlaceColumns {
  id: string;
  /** Order of opening: two rows of one millisecond keep theirs. */
  seq: Generated<Milliseconds>;
  user_id: string;
  locale: Locale;
  status: Generated<AnswerStatus>;
  attempt: Generated<number>;
  error: Json<FailureRecord | null>;
  created_at: Milliseconds;
  /** Last sign of life: opened or started. */
  touched_at: Milliseconds;
  finished_at: ColumnType<Milliseconds | null, Milliseconds | null | undefined, Milliseconds | null>;
}

interface AnswersTable extends WorkColumns {
  model: string;
  question_ts: string;
  question: string;
  text: Generated<string>;
  finish: ColumnType<FinishReason | null, FinishReason | null | undefined, FinishReason | null>;
  usage: Json<Usage | null>;
  /** When somebody asked for its end. */
  cancel_at: ColumnType<Milliseconds | null, undefined, Milliseconds | null>;
  settings: Json<AnswerSettings | null>;
  grounding: Json<GroundingRecord | null>;
  purpose: Generated<AnswerPurpose>;
  left_out: Generated<number>;
  edited: ColumnType<string | null, undefined, string>;
  withdrawn_at: ColumnType<Milliseconds | null, undefined, Milliseconds>;
  files: Json<AttachedFile[] | null>;
  /** In the queue of its model; null while it waits for earlier ones of the same person. */
  turn: ColumnType<number | null, number | null | undefined, number | null>;
}

interface ThreadSettingsTable extends PlaceColumns {
  settings: ColumnType<ThreadSettings, string, string>;
  user_id: string;
  changed_at: Milliseconds;
}

interface SearchesTable extends WorkColumns {
  message_ts: string;
  query: Json<SearchQuery>;
  result: Json<SearchResult | null>;
}

interface DeliveriesTable extends PlaceColumns {
  id: string;
  seq: Generated<Milliseconds>;
  kind: DeliveryKind;
  status: Generated<DeliveryStatus>;
  messages: ColumnType<string[], string | undefined, string>;
  native_stream: Generated<boolean>;
  shown_attempt: Generated<number>;
  shown_seq: Generated<number>;
  lease_owner: ColumnType<string | null, string | null | undefined, string | null>;
  lease_until: Generated<Milliseconds>;
  fence: Generated<number>;
  failure: ColumnType<string | null, string | null | undefined, string | null>;
}

interface SettingsTable {
  team: string;
  kind: SettingKind;
  key: string;
  value: ColumnType<Setting['value'], string, string>;
  changed_at: Milliseconds;
  changed_by: string;
}

interface HiddenDocumentsTable {
  team: string;
  corpus: string;
  source: string;
  sequence: Milliseconds;
  document_id: string;
  hidden_at: Milliseconds;
  hidden_by: string;
}

/** Insert and select alone: the type has no update, and a trigger refuses one. */
interface AuditTable {
  seq: Generated<Milliseconds>;
  team: ColumnType<string, string, never>;
  at: ColumnType<Milliseconds, Milliseconds, never>;
  actor: ColumnType<string, string, never>;
  action: ColumnType<string, string, never>;
  outcome: ColumnType<NewAuditEntry['outcome'], NewAuditEntry['outcome'], never>;
  target: ColumnType<string | null, string | null, never>;
  before: ColumnType<unknown, string | null, never>;
  after: ColumnType<unknown, string | null, never>;
  reason: ColumnType<string | null, string | null, never>;
  app: ColumnType<string, string, never>;
  channel: ColumnType<string, string, never>;
}

interface ConfirmationsTable {
  id: string;
  team: string;
  user_id: string;
  channel: string;
  action: ColumnType<Confirmation['action'], string, never>;
  expires_at: Milliseconds;
  used_at: ColumnType<Milliseconds | null, undefined, Milliseconds>;
}

interface ProcessesTable {
  id: string;
  host: string;
  pid: number;
  facts: ColumnType<ProcessFacts, string, string>;
  seen_at: Milliseconds;
}

/** What one person said of one thing. */
interface SaidColumns {
  seq: Generated<Milliseconds>;
  team: string;
  user_id: string;
  created_at: Milliseconds;
  updated_at: Milliseconds;
}

interface FeedbackTable extends SaidColumns {
  answer_id: string;
  verdict: Verdict;
  tags: Json<FeedbackTag[]>;
  comment: string;
  better: string;
}

interface FlagsTable extends SaidColumns {
  search_id: string;
  rank: number;
  verdict: Flag['verdict'];
  report: string | null;
  corpus: string;
  document_id: string;
  passage_id: string;
}

interface ComparisonsTable extends PlaceColumns {
  id: string;
  seq: Generated<Milliseconds>;
  user_id: string;
  locale: Locale;
  mode: ComparisonMode;
  question: string;
  first: Json<Entrant>;
  second: Json<Entrant>;
  first_answer: string;
  second_answer: string;
  created_at: Milliseconds;
}

interface VotesTable extends SaidColumns {
  comparison_id: string;
  winner: Winner;
  swapped: boolean;
}

interface ConsentsTable {
  team: string;
  user_id: string;
  shown_at: Milliseconds;
}

export interface Schema {
  inbox: InboxTable;
  answers: AnswersTable;
  searches: SearchesTable;
  deliveries: DeliveriesTable;
  settings: SettingsTable;
  hidden_documents: HiddenDocumentsTable;
  audit: AuditTable;
  confirmations: ConfirmationsTable;
  processes: ProcessesTable;
  feedback: FeedbackTable;
  flags: FlagsTable;
  comparisons: ComparisonsTable;
  votes: VotesTable;
  consents: ConsentsTable;
  thread_settings: ThreadSettingsTable;
}
