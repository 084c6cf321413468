import type { Command } from 'commander';
import type { Config } from '../../src/config/config.ts';

/** What every sub-command file gets: where to print, and the configuration that the common options name. */
export interface Cli {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Prints a line for a person to standard output. */
  print(line: string): void;
  /** Prints one JSON document, or one object a line, to standard output. */
  json(value: unknown): void;
  /** Prints a table: one row an array, the first the header; columns as wide as they need, full-width characters counted as two. */
  table(rows: readonly (readonly string[])[]): void;
  /**
   * Writes lines, each with its end, to standard output as fast as it takes them.
   *
   * @returns how many; fewer than there are when the reader went away (`| head`)
   */
  lines(lines: AsyncIterable<string>): Promise<number>;
  /** A line to standard error: progress and warnings. */
  note(line: string): void;
  /** Loads and validates what `--config` and `--data` name. Throws `TenkyoError('config_invalid')`. */
  config(options: CommonOptions): Promise<Config>;
}

/** The options that every command takes. */
export interface CommonOptions {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/**
 * One file a sub-command exports one of these. The action sets `process.exitCode` 1 when what was asked turned out
 * negative (a mismatch, nothing found); it throws a `TenkyoError` for everything else.
 */
export type RegisterCommand = (program: Command, cli: Cli) => void;
