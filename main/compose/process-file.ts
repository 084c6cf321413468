import { rmSync } from 'node:fs';
import type { ControlAddress } from './control-server.ts';
import { writePrivately } from './write-privately.ts';

/** What a living `up` says of itself to commands and tests; mode 0600, for it holds the page's token. */
export interface ProcessFacts {
  readonly pid: number;
  /** Address of the local workspace, null against real Slack. */
  readonly url: string | null;
  readonly token: string | null;
  /** Where it answers commands that need the records inside it; absent: nowhere. */
  readonly control?: ControlAddress | null;
  readonly startedAt: string;
}

export const writeProcessFile = (file: string, facts: ProcessFacts): void => writePrivately(file, facts);

export const removeProcessFile = (file: string): void => rmSync(file, { force: true });
