import type { GroundingPassage } from '../../src/chat/grounding/grounding.ts';
import { makeHit } from './search-result.ts';

/** A numbered passage of the demonstration; what matters to a test is passed in. */
export const makePassage = (number: number, facts: Partial<GroundingPassage> = {}): GroundingPassage => {
  const { documentId, source, title, url, text, reading } = makeHit();
  return { number, passageId: `p${number}`, documentId, source, title, url, text, reading, ...facts };
};
