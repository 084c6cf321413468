import type { DatabaseSync } from 'node:sqlite';
import type { LanguageMeans } from '../../embedding/centring.ts';

/** Where the means of the languages are noted in `progress`; nothing or `null`: the vectors are as the model gave them. */
export const meansKey = 'means';

export const parseMeans = (noted: string | null): LanguageMeans | null =>
  noted === null ? null : (JSON.parse(noted) as LanguageMeans | null);

/** What was taken from the vectors of an index by language. */
export const readMeans = (database: DatabaseSync): LanguageMeans | null => {
  const row = database.prepare('select value from progress where key = ?').get(meansKey);
  return parseMeans((row as { value: string } | undefined)?.value ?? null);
};
