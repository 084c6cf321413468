import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** What a living `up` says of itself to commands and tests; mode 0600, for it holds the page's token. */
export interface ProcessFacts {
  readonly pid: number;
  /** Address of the local workspace, null against real Slack. */
  readonly url: string | null;
  readonly token: string | null;
  readonly startedAt: string;
}

export const writeProcessFile = (file: string, facts: ProcessFacts): void => {
  const draft = `${file}.${facts.pid}`;
  writeFileSync(draft, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
};

export const removeProcessFile = (file: string): void => rmSync(file, { force: true });
