/** What can go wrong, as a closed list: logs, texts for people and tests switch on it. */
export type ErrorCode =
  | 'usage'
  | 'config_invalid'
  | 'node_too_old'
  | 'port_in_use'
  | 'data_locked'
  | 'data_version'
  | 'file_missing'
  | 'file_corrupt'
  | 'index_missing'
  | 'index_mismatch'
  | 'not_found'
  | 'model_unavailable'
  | 'model_busy'
  | 'model_late'
  | 'model_refused'
  | 'model_failed'
  | 'prompt_too_long'
  | 'embedding_unavailable'
  | 'engine_late'
  | 'engine_unavailable'
  | 'server_unreachable'
  | 'slack_refused'
  | 'slack_unreachable'
  | 'cancelled'
  | 'lock_lost'
  | 'shutdown'
  | 'internal';

export interface ErrorFacts {
  /** What to do about it, one sentence in the imperative. */
  readonly remedy?: string;
  /** The file, setting or address at fault. */
  readonly where?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly cause?: unknown;
}

/**
 * The one error class of the product. The message says what was wrong; `where`, `expected`, `found` and `remedy`
 * say the rest, apart, so that a terminal, a log and a Slack message can each show what fits.
 */
export class TenkyoError extends Error {
  override readonly name = 'TenkyoError';
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly where: string | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;

  constructor(code: ErrorCode, message: string, { cause, remedy, where, expected, found }: ErrorFacts = {}) {
    super(message, { cause });
    this.code = code;
    this.remedy = remedy;
    this.where = where;
    this.expected = expected;
    this.found = found;
  }
}

/** The error as a `TenkyoError`: itself, or wrapped as `internal` with its own message. */
export const asTenkyoError = (error: unknown): TenkyoError =>
  error instanceof TenkyoError
    ? error
    : new TenkyoError('internal', error instanceof Error ? error.message : String(error), { cause: error });

/** The lines a terminal shows for an error: what, where, expected and found, remedy. No stack. */
export const describeError = (error: unknown): string => {
  const { message, where, expected, found, remedy } = asTenkyoError(error);
  const lines = [
    `tenkyo: ${message}`,
    where && `  where: ${where}`,
    expected && `  expected: ${expected}`,
    found && `  found: ${found}`,
    remedy && `  ${remedy}`,
  ];
  return lines.filter(Boolean).join('\n');
};
