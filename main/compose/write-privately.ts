import { renameSync, writeFileSync } from 'node:fs';

/** A JSON file for its owner's eyes, there whole or not at all. */
export const writePrivately = (file: string, value: unknown): void => {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
};
