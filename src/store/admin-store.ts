import type {
  AuditEntry,
  Confirmation,
  HiddenDocument,
  NewAuditEntry,
  ProcessRecord,
  Setting,
  SettingKind,
  SettingValues,
} from './admin-records.ts';

/** What admins set. A change and its audit entry are one transaction. */
export interface SettingsRepository {
  all(team: string): Promise<Setting[]>;
  /**
   * Sets it, or takes it away.
   *
   * @param to what it becomes, by what it was; null: not set
   */
  change<Kind extends SettingKind>(
    setting: { readonly kind: Kind; readonly key: string },
    to: (before: SettingValues[Kind] | null) => SettingValues[Kind] | null,
    entry: AuditedBy,
  ): Promise<void>;
}

/** An audit entry but for what the change itself tells. */
export type AuditedBy = Omit<NewAuditEntry, 'before' | 'after' | 'outcome' | 'reason'>;

export interface HiddenRepository {
  /** Those of a corpus; of all corpora when none is named. */
  all(team: string, corpus?: string): Promise<HiddenDocument[]>;
  /** Those that any workspace has hidden, each once. */
  everywhere(): Promise<HiddenDocument[]>;
  /** False: it was so already; nothing is written then. */
  change(document: HiddenDocument, hidden: boolean, entry: AuditedBy): Promise<boolean>;
}

export interface AuditFilter {
  readonly actor?: string;
  /** Begins so. */
  readonly action?: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
}

/** Append-only: there is no way to change or remove an entry, and the database refuses both. */
export interface AuditRepository {
  add(entry: NewAuditEntry): Promise<void>;
  /** Newest first. */
  list(
    team: string,
    filter: AuditFilter,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly entries: AuditEntry[]; readonly total: number }>;
}

/** Why a confirmation does not count. */
type ConfirmationRefusal = 'unknown' | 'used' | 'expired' | 'another_person';

export interface ConfirmationsRepository {
  open(confirmation: Confirmation, forMs: number): Promise<void>;
  /** Uses it up: of many who try, one gets it. */
  take(
    id: string,
    by: { readonly team: string; readonly user: string; readonly channel: string },
  ): Promise<Confirmation | ConfirmationRefusal>;
}

export interface ProcessesRepository {
  /** A sign of life. */
  beat(process: Omit<ProcessRecord, 'seenAt'>): Promise<void>;
  gone(id: string): Promise<void>;
  /** Those that gave a sign of life within the time. */
  alive(withinMs: number): Promise<ProcessRecord[]>;
}
