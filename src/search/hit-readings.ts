import { asTenkyoError, type TenkyoError } from '../errors.ts';
import type { ReadingLookup, StoredPassage } from './ports.ts';
import type { Reading } from './result.ts';

/**
 * When the run read the documents of one search's hits, each looked up once. A reading that can't be had is unknown:
 * never a guess, and no reason to fail the search.
 */
export const createHitReadings = ({
  readings,
  checkpoint,
  onFailure,
}: {
  readings: ReadingLookup;
  checkpoint: number | null;
  onFailure?: (what: 'reading', error: TenkyoError) => void;
}): ((passage: StoredPassage) => Promise<Reading>) => {
  const known = new Map<string, Reading>();
  const lookUp = async ({ source, sequence }: StoredPassage): Promise<Reading> => {
    try {
      return await readings.readingOf(source, sequence, checkpoint);
    } catch (thrown) {
      const error = asTenkyoError(thrown);
      if (error.code !== 'not_found') onFailure?.('reading', error);
      return { state: 'unknown' };
    }
  };
  return async (passage) => {
    const document = `${passage.source}:${passage.sequence}`;
    const reading = known.get(document) ?? (await lookUp(passage));
    known.set(document, reading);
    return reading;
  };
};
