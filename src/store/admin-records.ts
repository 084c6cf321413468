/** What admins may set. The keys: a channel's id, a model's name, a person's id; `everybody` for all others' quota. */
export interface SettingValues {
  /** `model`: who answers there, whichever app is asked; null: each app's own. */
  readonly channel: { readonly denied: boolean; readonly model: string | null };
  readonly model: { readonly paused: boolean };
  readonly quota: Quota;
  readonly ban: { readonly reason: string | null };
}

export type SettingKind = keyof SettingValues;

/** Of one person; null: no limit. */
export interface Quota {
  /** Within any 24 hours. */
  readonly questions: number | null;
  /** Read and written for the person, within any 24 hours. */
  readonly tokens: number | null;
  /** Answers waiting or being written. */
  readonly atOnce: number | null;
}

export interface Setting<Kind extends SettingKind = SettingKind> {
  readonly kind: Kind;
  readonly key: string;
  readonly value: SettingValues[Kind];
  readonly changedAt: number;
  readonly changedBy: string;
}

/** A document that no result may show. */
export interface HiddenDocument {
  readonly corpus: string;
  readonly source: string;
  readonly sequence: number;
  /** The record's own id, for people. */
  readonly documentId: string;
}

export interface AuditEntry {
  /** Rises with each entry. */
  readonly seq: number;
  readonly team: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who: a user id. */
  readonly actor: string;
  /** The sub-command. */
  readonly action: string;
  readonly outcome: 'done' | 'denied' | 'failed';
  /** What it was done to. */
  readonly target: string | null;
  readonly before: unknown;
  readonly after: unknown;
  /** Why it was denied or failed. */
  readonly reason: string | null;
  /** From where. */
  readonly app: string;
  readonly channel: string;
}

export type NewAuditEntry = Omit<AuditEntry, 'seq' | 'at'>;

/** A change that waits for the press of its button. */
export interface Confirmation {
  readonly id: string;
  readonly team: string;
  readonly user: string;
  readonly channel: string;
  readonly action: PlannedAction;
}

interface PlannedAction {
  readonly command: string;
  /** As the command planned it; plain JSON. */
  readonly args: unknown;
}

/** What writes a model's answers. */
export type ServedBy =
  | { readonly kind: 'onnx'; readonly device: 'cpu' | 'cuda' }
  /** `address`: host and port. */
  | { readonly kind: 'servers'; readonly servers: readonly { readonly address: string; readonly up: boolean }[] };

/** What a process that works says of itself, again and again. */
export interface ProcessFacts {
  /** Queues that it takes jobs from. */
  readonly queues: readonly string[];
  /** What writes the answers of the models that are ready there, by name. */
  readonly models: Readonly<Record<string, ServedBy>>;
  /** Corpora whose index it builds; `total` 0: not known yet. */
  readonly indexing: Readonly<Record<string, { readonly done: number; readonly total: number }>>;
}

export interface ProcessRecord {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly facts: ProcessFacts;
  /** Milliseconds since the epoch. */
  readonly seenAt: number;
}
