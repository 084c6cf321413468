import type { Arguments } from '../arguments.ts';
import type { InstalledApp } from '../state/apps.ts';
import type { Workspace } from '../workspace.ts';

/** One call of the Web API, authorised. */
export interface Call {
  readonly workspace: Workspace;
  readonly app: InstalledApp;
  readonly args: Arguments;
}

/** Answers with the body's fields besides `ok`, or throws a `SlackFault`. */
export type Method = (call: Call) => Record<string, unknown>;
